// Original file: proto/smee/boot/v1/boot.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Events that were lost before they were told, because too many waited: whose they were nobody knows any more, only when they
 * happened.
 */
export interface Gap {
  'events'?: (number | string | Long);
  /**
   * When the first of them began, and the last of them was over, in milliseconds since 1970.
   */
  'fromUnixMilli'?: (number | string | Long);
  'toUnixMilli'?: (number | string | Long);
  /**
   * Who lost them, as its Hello says; set by the hardware service.
   */
  'service'?: (string);
  'instance'?: (string);
}

/**
 * Events that were lost before they were told, because too many waited: whose they were nobody knows any more, only when they
 * happened.
 */
export interface Gap__Output {
  'events'?: (number);
  /**
   * When the first of them began, and the last of them was over, in milliseconds since 1970.
   */
  'fromUnixMilli'?: (number);
  'toUnixMilli'?: (number);
  /**
   * Who lost them, as its Hello says; set by the hardware service.
   */
  'service'?: (string);
  'instance'?: (string);
}
