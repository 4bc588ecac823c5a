// Original file: proto/smee/boot/v1/boot.proto

import type { BootEvent as _smee_boot_v1_BootEvent, BootEvent__Output as _smee_boot_v1_BootEvent__Output } from '../../../smee/boot/v1/BootEvent.ts';
import type { Boot as _smee_boot_v1_Boot, Boot__Output as _smee_boot_v1_Boot__Output } from '../../../smee/boot/v1/Boot.ts';

export interface WatchEventsResponse {
  'events'?: (_smee_boot_v1_BootEvent)[];
  /**
   * As they are after these events.
   */
  'boots'?: (_smee_boot_v1_Boot)[];
}

export interface WatchEventsResponse__Output {
  'events': (_smee_boot_v1_BootEvent__Output)[];
  /**
   * As they are after these events.
   */
  'boots': (_smee_boot_v1_Boot__Output)[];
}
