// Original file: proto/smee/boot/v1/boot.proto

import type { Hello as _smee_boot_v1_Hello, Hello__Output as _smee_boot_v1_Hello__Output } from '../../../smee/boot/v1/Hello.ts';
import type { BootEvent as _smee_boot_v1_BootEvent, BootEvent__Output as _smee_boot_v1_BootEvent__Output } from '../../../smee/boot/v1/BootEvent.ts';
import type { Gap as _smee_boot_v1_Gap, Gap__Output as _smee_boot_v1_Gap__Output } from '../../../smee/boot/v1/Gap.ts';
import type { Long } from '@grpc/proto-loader';

export interface ReportEventsRequest {
  /**
   * The first message of a stream; later ones when it has changed.
   */
  'hello'?: (_smee_boot_v1_Hello | null);
  /**
   * At most 512.
   */
  'events'?: (_smee_boot_v1_BootEvent)[];
  /**
   * Events that the service had to drop since its last message.
   */
  'dropped'?: (number | string | Long);
  /**
   * When those of them happened that a boot may lack; absent when there are none.
   */
  'gap'?: (_smee_boot_v1_Gap | null);
}

export interface ReportEventsRequest__Output {
  /**
   * The first message of a stream; later ones when it has changed.
   */
  'hello'?: (_smee_boot_v1_Hello__Output);
  /**
   * At most 512.
   */
  'events': (_smee_boot_v1_BootEvent__Output)[];
  /**
   * Events that the service had to drop since its last message.
   */
  'dropped'?: (number);
  /**
   * When those of them happened that a boot may lack; absent when there are none.
   */
  'gap'?: (_smee_boot_v1_Gap__Output);
}
