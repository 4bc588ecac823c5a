// Original file: proto/smee/boot/v1/boot.proto

import type { Machine as _smee_boot_v1_Machine, Machine__Output as _smee_boot_v1_Machine__Output } from '../../../smee/boot/v1/Machine.ts';
import type { Stage as _smee_boot_v1_Stage, Stage__Output as _smee_boot_v1_Stage__Output } from '../../../smee/boot/v1/Stage.ts';
import type { StageSpan as _smee_boot_v1_StageSpan, StageSpan__Output as _smee_boot_v1_StageSpan__Output } from '../../../smee/boot/v1/StageSpan.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/smee/boot/v1/boot.proto

export const _smee_boot_v1_Boot_State = {
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  /**
   * It goes on.
   */
  BOOTING: 'BOOTING',
  /**
   * It phoned home.
   */
  BOOTED: 'BOOTED',
  /**
   * The last thing that happened to it was a no, or it stopped where it should not.
   */
  FAILED: 'FAILED',
  /**
   * Ten minutes of silence after it got everything that we have: it did not say how it ended.
   */
  HANDED_OVER: 'HANDED_OVER',
} as const;

export type _smee_boot_v1_Boot_State =
  | 'STATE_UNSPECIFIED'
  | 0
  /**
   * It goes on.
   */
  | 'BOOTING'
  | 1
  /**
   * It phoned home.
   */
  | 'BOOTED'
  | 2
  /**
   * The last thing that happened to it was a no, or it stopped where it should not.
   */
  | 'FAILED'
  | 3
  /**
   * Ten minutes of silence after it got everything that we have: it did not say how it ended.
   */
  | 'HANDED_OVER'
  | 4

export type _smee_boot_v1_Boot_State__Output = typeof _smee_boot_v1_Boot_State[keyof typeof _smee_boot_v1_Boot_State]

/**
 * One attempt of one machine to boot: from its firmware's first DISCOVER until it phones home, starts over, or is silent for ten
 * minutes.
 */
export interface Boot {
  'id'?: (number | string | Long);
  'machine'?: (_smee_boot_v1_Machine | null);
  'state'?: (_smee_boot_v1_Boot_State);
  /**
   * The furthest that it came.
   */
  'stage'?: (_smee_boot_v1_Stage);
  /**
   * Why it is where it is: a code of docs/errors.md; ok while all goes well.
   */
  'reason'?: (string);
  /**
   * What the reason speaks of: a file, an architecture, another server. May be empty.
   */
  'detail'?: (string);
  /**
   * The reason in one sentence, and what to do.
   */
  'means'?: (string);
  'action'?: (string);
  /**
   * Option 93, by name; empty when it did not say.
   */
  'arch'?: (string);
  /**
   * Option 60 and 77 in words: PXE firmware, HTTP Boot firmware, iPXE, an operating system.
   */
  'client'?: (string);
  'startedUnixMilli'?: (number | string | Long);
  /**
   * The last that was heard of it.
   */
  'lastUnixMilli'?: (number | string | Long);
  'events'?: (number);
  /**
   * When each stage began and what it took, in the order in which they began.
   */
  'stages'?: (_smee_boot_v1_StageSpan)[];
}

/**
 * One attempt of one machine to boot: from its firmware's first DISCOVER until it phones home, starts over, or is silent for ten
 * minutes.
 */
export interface Boot__Output {
  'id'?: (number);
  'machine'?: (_smee_boot_v1_Machine__Output);
  'state'?: (_smee_boot_v1_Boot_State__Output);
  /**
   * The furthest that it came.
   */
  'stage'?: (_smee_boot_v1_Stage__Output);
  /**
   * Why it is where it is: a code of docs/errors.md; ok while all goes well.
   */
  'reason'?: (string);
  /**
   * What the reason speaks of: a file, an architecture, another server. May be empty.
   */
  'detail'?: (string);
  /**
   * The reason in one sentence, and what to do.
   */
  'means'?: (string);
  'action'?: (string);
  /**
   * Option 93, by name; empty when it did not say.
   */
  'arch'?: (string);
  /**
   * Option 60 and 77 in words: PXE firmware, HTTP Boot firmware, iPXE, an operating system.
   */
  'client'?: (string);
  'startedUnixMilli'?: (number);
  /**
   * The last that was heard of it.
   */
  'lastUnixMilli'?: (number);
  'events'?: (number);
  /**
   * When each stage began and what it took, in the order in which they began.
   */
  'stages': (_smee_boot_v1_StageSpan__Output)[];
}
