// Original file: proto/smee/hardware/v1/hardware.proto

import type { Long } from '@grpc/proto-loader';

export interface WatchHardwareRequest {
  /**
   * The store that since_revision was seen in. May be empty when since_revision is 0.
   */
  'storeId'?: (string);
  /**
   * Changes after this one; 0 for a snapshot first.
   */
  'sinceRevision'?: (number | string | Long);
}

export interface WatchHardwareRequest__Output {
  /**
   * The store that since_revision was seen in. May be empty when since_revision is 0.
   */
  'storeId'?: (string);
  /**
   * Changes after this one; 0 for a snapshot first.
   */
  'sinceRevision'?: (number);
}
