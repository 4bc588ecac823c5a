// Original file: proto/smee/boot/v1/boot.proto

import type { Stage as _smee_boot_v1_Stage, Stage__Output as _smee_boot_v1_Stage__Output } from '../../../smee/boot/v1/Stage.ts';
import type { Long } from '@grpc/proto-loader';

export interface StageSpan {
  'stage'?: (_smee_boot_v1_Stage);
  'startedUnixMilli'?: (number | string | Long);
  'lastUnixMilli'?: (number | string | Long);
  /**
   * False when its last answer was a no.
   */
  'ok'?: (boolean);
}

export interface StageSpan__Output {
  'stage'?: (_smee_boot_v1_Stage__Output);
  'startedUnixMilli'?: (number);
  'lastUnixMilli'?: (number);
  /**
   * False when its last answer was a no.
   */
  'ok'?: (boolean);
}
