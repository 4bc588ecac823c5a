// Original file: proto/smee/boot/v1/boot.proto

import type { Stage as _smee_boot_v1_Stage, Stage__Output as _smee_boot_v1_Stage__Output } from '../../../smee/boot/v1/Stage.ts';

export interface ExplainBootRequest {
  /**
   * A MAC in any usual form, a record's name, or an IPv4 address.
   */
  'machine'?: (string);
  /**
   * Option 93 by name (x86_64-efi, …) or number; empty: as it was last seen, else as its record says.
   */
  'arch'?: (string);
  /**
   * pxe, http or ipxe; empty: as it was last seen, else pxe.
   */
  'firmware'?: (string);
  /**
   * Only this one.
   */
  'stage'?: (_smee_boot_v1_Stage);
}

export interface ExplainBootRequest__Output {
  /**
   * A MAC in any usual form, a record's name, or an IPv4 address.
   */
  'machine'?: (string);
  /**
   * Option 93 by name (x86_64-efi, …) or number; empty: as it was last seen, else as its record says.
   */
  'arch'?: (string);
  /**
   * pxe, http or ipxe; empty: as it was last seen, else pxe.
   */
  'firmware'?: (string);
  /**
   * Only this one.
   */
  'stage'?: (_smee_boot_v1_Stage__Output);
}
