// Original file: proto/smee/boot/v1/boot.proto

import type { Long } from '@grpc/proto-loader';

export interface Summary {
  'booting'?: (number);
  'booted'?: (number);
  'failed'?: (number);
  'handedOver'?: (number);
  /**
   * Machines without a record that were heard of.
   */
  'strangers'?: (number);
  /**
   * The last event's id: where a watch can begin without missing any.
   */
  'lastEventId'?: (number | string | Long);
  /**
   * Of those that failed: machines that have no record, and failed for nothing else.
   */
  'unknown'?: (number);
}

export interface Summary__Output {
  'booting'?: (number);
  'booted'?: (number);
  'failed'?: (number);
  'handedOver'?: (number);
  /**
   * Machines without a record that were heard of.
   */
  'strangers'?: (number);
  /**
   * The last event's id: where a watch can begin without missing any.
   */
  'lastEventId'?: (number);
  /**
   * Of those that failed: machines that have no record, and failed for nothing else.
   */
  'unknown'?: (number);
}
