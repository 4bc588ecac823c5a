// Original file: proto/smee/boot/v1/boot.proto

import type { Boot as _smee_boot_v1_Boot, Boot__Output as _smee_boot_v1_Boot__Output } from '../../../smee/boot/v1/Boot.ts';
import type { Summary as _smee_boot_v1_Summary, Summary__Output as _smee_boot_v1_Summary__Output } from '../../../smee/boot/v1/Summary.ts';

export interface ListBootsResponse {
  'boots'?: (_smee_boot_v1_Boot)[];
  'nextPageToken'?: (string);
  /**
   * Of the machines' last boots, all pages and filters aside.
   */
  'summary'?: (_smee_boot_v1_Summary | null);
}

export interface ListBootsResponse__Output {
  'boots': (_smee_boot_v1_Boot__Output)[];
  'nextPageToken'?: (string);
  /**
   * Of the machines' last boots, all pages and filters aside.
   */
  'summary'?: (_smee_boot_v1_Summary__Output);
}
