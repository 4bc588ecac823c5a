// Original file: proto/smee/hardware/v1/hardware.proto

import type { Ipxe as _smee_hardware_v1_Ipxe, Ipxe__Output as _smee_hardware_v1_Ipxe__Output } from '../../../smee/hardware/v1/Ipxe.ts';
import type { Osie as _smee_hardware_v1_Osie, Osie__Output as _smee_hardware_v1_Osie__Output } from '../../../smee/hardware/v1/Osie.ts';
import type { Pxelinux as _smee_hardware_v1_Pxelinux, Pxelinux__Output as _smee_hardware_v1_Pxelinux__Output } from '../../../smee/hardware/v1/Pxelinux.ts';
import type { Rpi as _smee_hardware_v1_Rpi, Rpi__Output as _smee_hardware_v1_Rpi__Output } from '../../../smee/hardware/v1/Rpi.ts';

/**
 * May it boot from the network, and what?
 */
export interface Netboot {
  /**
   * Absent is false.
   */
  'allowPxe'?: (boolean);
  /**
   * Kept for export.
   */
  'allowWorkflow'?: (boolean);
  'ipxe'?: (_smee_hardware_v1_Ipxe | null);
  'osie'?: (_smee_hardware_v1_Osie | null);
  'pxelinux'?: (_smee_hardware_v1_Pxelinux | null);
  'rpi'?: (_smee_hardware_v1_Rpi | null);
  '_allowPxe'?: "allowPxe";
  '_allowWorkflow'?: "allowWorkflow";
}

/**
 * May it boot from the network, and what?
 */
export interface Netboot__Output {
  /**
   * Absent is false.
   */
  'allowPxe'?: (boolean);
  /**
   * Kept for export.
   */
  'allowWorkflow'?: (boolean);
  'ipxe'?: (_smee_hardware_v1_Ipxe__Output);
  'osie'?: (_smee_hardware_v1_Osie__Output);
  'pxelinux'?: (_smee_hardware_v1_Pxelinux__Output);
  'rpi'?: (_smee_hardware_v1_Rpi__Output);
  '_allowPxe'?: "allowPxe";
  '_allowWorkflow'?: "allowWorkflow";
}
