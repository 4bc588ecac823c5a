// Original file: proto/smee/hardware/v1/hardware.proto

import type { Dhcp as _smee_hardware_v1_Dhcp, Dhcp__Output as _smee_hardware_v1_Dhcp__Output } from '../../../smee/hardware/v1/Dhcp.ts';
import type { Netboot as _smee_hardware_v1_Netboot, Netboot__Output as _smee_hardware_v1_Netboot__Output } from '../../../smee/hardware/v1/Netboot.ts';
import type { Isoboot as _smee_hardware_v1_Isoboot, Isoboot__Output as _smee_hardware_v1_Isoboot__Output } from '../../../smee/hardware/v1/Isoboot.ts';

export interface Interface {
  /**
   * true: DHCP says nothing to this interface.
   */
  'disableDhcp'?: (boolean);
  'dhcp'?: (_smee_hardware_v1_Dhcp | null);
  'netboot'?: (_smee_hardware_v1_Netboot | null);
  'isoboot'?: (_smee_hardware_v1_Isoboot | null);
  '_disableDhcp'?: "disableDhcp";
}

export interface Interface__Output {
  /**
   * true: DHCP says nothing to this interface.
   */
  'disableDhcp'?: (boolean);
  'dhcp'?: (_smee_hardware_v1_Dhcp__Output);
  'netboot'?: (_smee_hardware_v1_Netboot__Output);
  'isoboot'?: (_smee_hardware_v1_Isoboot__Output);
  '_disableDhcp'?: "disableDhcp";
}
