// Original file: proto/smee/hardware/v1/hardware.proto

import type { HardwareEvent as _smee_hardware_v1_HardwareEvent, HardwareEvent__Output as _smee_hardware_v1_HardwareEvent__Output } from '../../../smee/hardware/v1/HardwareEvent.ts';

export interface WatchHardwareResponse {
  'storeId'?: (string);
  /**
   * Up to about 256 a message, in order.
   */
  'events'?: (_smee_hardware_v1_HardwareEvent)[];
}

export interface WatchHardwareResponse__Output {
  'storeId'?: (string);
  /**
   * Up to about 256 a message, in order.
   */
  'events': (_smee_hardware_v1_HardwareEvent__Output)[];
}
