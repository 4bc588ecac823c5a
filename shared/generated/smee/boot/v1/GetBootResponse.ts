// Original file: proto/smee/boot/v1/boot.proto

import type { Boot as _smee_boot_v1_Boot, Boot__Output as _smee_boot_v1_Boot__Output } from '../../../smee/boot/v1/Boot.ts';
import type { BootEvent as _smee_boot_v1_BootEvent, BootEvent__Output as _smee_boot_v1_BootEvent__Output } from '../../../smee/boot/v1/BootEvent.ts';
import type { Gap as _smee_boot_v1_Gap, Gap__Output as _smee_boot_v1_Gap__Output } from '../../../smee/boot/v1/Gap.ts';

export interface GetBootResponse {
  'boot'?: (_smee_boot_v1_Boot | null);
  /**
   * In the order in which they happened; the newest 1000.
   */
  'events'?: (_smee_boot_v1_BootEvent)[];
  /**
   * The same machine's other boots, the newest first; at most 20.
   */
  'others'?: (_smee_boot_v1_Boot)[];
  /**
   * Of its time, the newest first; at most 20: it may have come further than is known.
   */
  'gaps'?: (_smee_boot_v1_Gap)[];
}

export interface GetBootResponse__Output {
  'boot'?: (_smee_boot_v1_Boot__Output);
  /**
   * In the order in which they happened; the newest 1000.
   */
  'events': (_smee_boot_v1_BootEvent__Output)[];
  /**
   * The same machine's other boots, the newest first; at most 20.
   */
  'others': (_smee_boot_v1_Boot__Output)[];
  /**
   * Of its time, the newest first; at most 20: it may have come further than is known.
   */
  'gaps': (_smee_boot_v1_Gap__Output)[];
}
