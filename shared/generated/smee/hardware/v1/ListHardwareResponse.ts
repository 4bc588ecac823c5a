// Original file: proto/smee/hardware/v1/hardware.proto

import type { Hardware as _smee_hardware_v1_Hardware, Hardware__Output as _smee_hardware_v1_Hardware__Output } from '../../../smee/hardware/v1/Hardware.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListHardwareResponse {
  'hardware'?: (_smee_hardware_v1_Hardware)[];
  /**
   * Empty on the last page.
   */
  'nextPageToken'?: (string);
  /**
   * The store's revision when this page was read.
   */
  'revision'?: (number | string | Long);
}

export interface ListHardwareResponse__Output {
  'hardware': (_smee_hardware_v1_Hardware__Output)[];
  /**
   * Empty on the last page.
   */
  'nextPageToken'?: (string);
  /**
   * The store's revision when this page was read.
   */
  'revision'?: (number);
}
