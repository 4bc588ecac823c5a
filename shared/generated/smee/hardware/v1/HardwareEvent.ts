// Original file: proto/smee/hardware/v1/hardware.proto

import type { Hardware as _smee_hardware_v1_Hardware, Hardware__Output as _smee_hardware_v1_Hardware__Output } from '../../../smee/hardware/v1/Hardware.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/smee/hardware/v1/hardware.proto

export const _smee_hardware_v1_HardwareEvent_Type = {
  TYPE_UNSPECIFIED: 'TYPE_UNSPECIFIED',
  ADDED: 'ADDED',
  MODIFIED: 'MODIFIED',
  /**
   * hardware carries the name and the revision of the deletion.
   */
  DELETED: 'DELETED',
  /**
   * The snapshot, or the missed changes, are complete up to revision; hardware is absent.
   */
  SYNCED: 'SYNCED',
} as const;

export type _smee_hardware_v1_HardwareEvent_Type =
  | 'TYPE_UNSPECIFIED'
  | 0
  | 'ADDED'
  | 1
  | 'MODIFIED'
  | 2
  /**
   * hardware carries the name and the revision of the deletion.
   */
  | 'DELETED'
  | 3
  /**
   * The snapshot, or the missed changes, are complete up to revision; hardware is absent.
   */
  | 'SYNCED'
  | 4

export type _smee_hardware_v1_HardwareEvent_Type__Output = typeof _smee_hardware_v1_HardwareEvent_Type[keyof typeof _smee_hardware_v1_HardwareEvent_Type]

export interface HardwareEvent {
  'type'?: (_smee_hardware_v1_HardwareEvent_Type);
  'hardware'?: (_smee_hardware_v1_Hardware | null);
  'revision'?: (number | string | Long);
}

export interface HardwareEvent__Output {
  'type'?: (_smee_hardware_v1_HardwareEvent_Type__Output);
  'hardware'?: (_smee_hardware_v1_Hardware__Output);
  'revision'?: (number);
}
