// Original file: proto/smee/boot/v1/boot.proto

import type { Boot as _smee_boot_v1_Boot, Boot__Output as _smee_boot_v1_Boot__Output } from '../../../smee/boot/v1/Boot.ts';
import type { Summary as _smee_boot_v1_Summary, Summary__Output as _smee_boot_v1_Summary__Output } from '../../../smee/boot/v1/Summary.ts';
import type { Gap as _smee_boot_v1_Gap, Gap__Output as _smee_boot_v1_Gap__Output } from '../../../smee/boot/v1/Gap.ts';

export interface ListBootsResponse {
  'boots'?: (_smee_boot_v1_Boot)[];
  'nextPageToken'?: (string);
  /**
   * Of the machines' last boots, all pages and filters aside.
   */
  'summary'?: (_smee_boot_v1_Summary | null);
  /**
   * Of the last hour, the newest first; at most 20.
   */
  'gaps'?: (_smee_boot_v1_Gap)[];
}

export interface ListBootsResponse__Output {
  'boots': (_smee_boot_v1_Boot__Output)[];
  'nextPageToken'?: (string);
  /**
   * Of the machines' last boots, all pages and filters aside.
   */
  'summary'?: (_smee_boot_v1_Summary__Output);
  /**
   * Of the last hour, the newest first; at most 20.
   */
  'gaps': (_smee_boot_v1_Gap__Output)[];
}
