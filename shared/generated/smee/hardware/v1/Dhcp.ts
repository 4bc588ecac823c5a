// Original file: proto/smee/hardware/v1/hardware.proto

import type { IpAddress as _smee_hardware_v1_IpAddress, IpAddress__Output as _smee_hardware_v1_IpAddress__Output } from '../../../smee/hardware/v1/IpAddress.ts';
import type { ClasslessStaticRoute as _smee_hardware_v1_ClasslessStaticRoute, ClasslessStaticRoute__Output as _smee_hardware_v1_ClasslessStaticRoute__Output } from '../../../smee/hardware/v1/ClasslessStaticRoute.ts';

/**
 * What the machine's DHCP answers carry.
 */
export interface Dhcp {
  /**
   * How the interface is known: chaddr. Unique over all records. Lower-case, colons.
   */
  'mac'?: (string);
  /**
   * Option 12.
   */
  'hostname'?: (string);
  /**
   * Option 15, and 119 derived from it.
   */
  'domainName'?: (string);
  /**
   * Option 51, seconds. Absent: 604800.
   */
  'leaseTime'?: (number);
  /**
   * Option 6.
   */
  'nameServers'?: (string)[];
  /**
   * Option 42.
   */
  'timeServers'?: (string)[];
  /**
   * x86_64 or aarch64: names the default kernel and initrd.
   */
  'arch'?: (string);
  /**
   * Kept for export; the firmware says itself what it is (option 93).
   */
  'uefi'?: (boolean);
  /**
   * Kept for export.
   */
  'ifaceName'?: (string);
  /**
   * yiaddr, options 1, 3 and 28.
   */
  'ip'?: (_smee_hardware_v1_IpAddress | null);
  /**
   * vlan_id= on the kernel line.
   */
  'vlanId'?: (string);
  /**
   * Option 121.
   */
  'classlessStaticRoutes'?: (_smee_hardware_v1_ClasslessStaticRoute)[];
  /**
   * Options 66 and 67 as they are, in place of all netboot logic; both or neither.
   */
  'tftpServerName'?: (string);
  'bootFileName'?: (string);
  /**
   * Option 119, when it is not to be derived from domain_name.
   */
  'domainSearch'?: (string)[];
  /**
   * Option 28, when it is not to be computed from address and netmask.
   */
  'broadcastAddress'?: (string);
  '_leaseTime'?: "leaseTime";
  '_uefi'?: "uefi";
}

/**
 * What the machine's DHCP answers carry.
 */
export interface Dhcp__Output {
  /**
   * How the interface is known: chaddr. Unique over all records. Lower-case, colons.
   */
  'mac'?: (string);
  /**
   * Option 12.
   */
  'hostname'?: (string);
  /**
   * Option 15, and 119 derived from it.
   */
  'domainName'?: (string);
  /**
   * Option 51, seconds. Absent: 604800.
   */
  'leaseTime'?: (number);
  /**
   * Option 6.
   */
  'nameServers': (string)[];
  /**
   * Option 42.
   */
  'timeServers': (string)[];
  /**
   * x86_64 or aarch64: names the default kernel and initrd.
   */
  'arch'?: (string);
  /**
   * Kept for export; the firmware says itself what it is (option 93).
   */
  'uefi'?: (boolean);
  /**
   * Kept for export.
   */
  'ifaceName'?: (string);
  /**
   * yiaddr, options 1, 3 and 28.
   */
  'ip'?: (_smee_hardware_v1_IpAddress__Output);
  /**
   * vlan_id= on the kernel line.
   */
  'vlanId'?: (string);
  /**
   * Option 121.
   */
  'classlessStaticRoutes': (_smee_hardware_v1_ClasslessStaticRoute__Output)[];
  /**
   * Options 66 and 67 as they are, in place of all netboot logic; both or neither.
   */
  'tftpServerName'?: (string);
  'bootFileName'?: (string);
  /**
   * Option 119, when it is not to be derived from domain_name.
   */
  'domainSearch': (string)[];
  /**
   * Option 28, when it is not to be computed from address and netmask.
   */
  'broadcastAddress'?: (string);
  '_leaseTime'?: "leaseTime";
  '_uefi'?: "uefi";
}
