// Original file: proto/smee/hardware/v1/hardware.proto

import type { Long } from '@grpc/proto-loader';

export interface DeleteHardwareRequest {
  'name'?: (string);
  /**
   * The revision the caller saw, or 0 for "any".
   */
  'revision'?: (number | string | Long);
}

export interface DeleteHardwareRequest__Output {
  'name'?: (string);
  /**
   * The revision the caller saw, or 0 for "any".
   */
  'revision'?: (number);
}
