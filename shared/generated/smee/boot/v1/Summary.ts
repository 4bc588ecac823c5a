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
}
