// Original file: proto/smee/boot/v1/boot.proto

import type { Machine as _smee_boot_v1_Machine, Machine__Output as _smee_boot_v1_Machine__Output } from '../../../smee/boot/v1/Machine.ts';
import type { Step as _smee_boot_v1_Step, Step__Output as _smee_boot_v1_Step__Output } from '../../../smee/boot/v1/Step.ts';

export interface ExplainBootResponse {
  'machine'?: (_smee_boot_v1_Machine | null);
  /**
   * Every step answers yes.
   */
  'boots'?: (boolean);
  'steps'?: (_smee_boot_v1_Step)[];
  /**
   * What would have to change for it to boot, one sentence each; empty when it boots.
   */
  'changes'?: (string)[];
  /**
   * What this could not look into, and why: a service that reported no settings, a file on another host.
   */
  'unknowns'?: (string)[];
}

export interface ExplainBootResponse__Output {
  'machine'?: (_smee_boot_v1_Machine__Output);
  /**
   * Every step answers yes.
   */
  'boots'?: (boolean);
  'steps': (_smee_boot_v1_Step__Output)[];
  /**
   * What would have to change for it to boot, one sentence each; empty when it boots.
   */
  'changes': (string)[];
  /**
   * What this could not look into, and why: a service that reported no settings, a file on another host.
   */
  'unknowns': (string)[];
}
