// Original file: proto/smee/hardware/v1/hardware.proto

import type { Hardware as _smee_hardware_v1_Hardware, Hardware__Output as _smee_hardware_v1_Hardware__Output } from '../../../smee/hardware/v1/Hardware.ts';

export interface ApplyHardwareRequest {
  'hardware'?: (_smee_hardware_v1_Hardware | null);
}

export interface ApplyHardwareRequest__Output {
  'hardware'?: (_smee_hardware_v1_Hardware__Output);
}
