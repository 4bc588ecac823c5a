// Original file: proto/smee/hardware/v1/hardware.proto

import type { Hardware as _smee_hardware_v1_Hardware, Hardware__Output as _smee_hardware_v1_Hardware__Output } from '../../../smee/hardware/v1/Hardware.ts';

export interface ApplyHardwareResponse {
  'hardware'?: (_smee_hardware_v1_Hardware | null);
  /**
   * false: there was one, and it was updated (or already the same).
   */
  'created'?: (boolean);
}

export interface ApplyHardwareResponse__Output {
  'hardware'?: (_smee_hardware_v1_Hardware__Output);
  /**
   * false: there was one, and it was updated (or already the same).
   */
  'created'?: (boolean);
}
