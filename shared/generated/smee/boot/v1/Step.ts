// Original file: proto/smee/boot/v1/boot.proto

import type { Stage as _smee_boot_v1_Stage, Stage__Output as _smee_boot_v1_Stage__Output } from '../../../smee/boot/v1/Stage.ts';
import type { Outcome as _smee_boot_v1_Outcome, Outcome__Output as _smee_boot_v1_Outcome__Output } from '../../../smee/boot/v1/Outcome.ts';

export interface Step {
  'stage'?: (_smee_boot_v1_Stage);
  /**
   * What the machine would ask: "DISCOVER of PXE firmware, x86_64-efi".
   */
  'asks'?: (string);
  'outcome'?: (_smee_boot_v1_Outcome);
  /**
   * OFFER, silent, DATA, script, …
   */
  'said'?: (string);
  'reason'?: (string);
  'means'?: (string);
  'action'?: (string);
  /**
   * file, ip, detail, …: as in events.
   */
  'details'?: ({[key: string]: string});
  /**
   * By whose settings: dhcp, tftp, http.
   */
  'service'?: (string);
}

export interface Step__Output {
  'stage'?: (_smee_boot_v1_Stage__Output);
  /**
   * What the machine would ask: "DISCOVER of PXE firmware, x86_64-efi".
   */
  'asks'?: (string);
  'outcome'?: (_smee_boot_v1_Outcome__Output);
  /**
   * OFFER, silent, DATA, script, …
   */
  'said'?: (string);
  'reason'?: (string);
  'means'?: (string);
  'action'?: (string);
  /**
   * file, ip, detail, …: as in events.
   */
  'details'?: ({[key: string]: string});
  /**
   * By whose settings: dhcp, tftp, http.
   */
  'service'?: (string);
}
