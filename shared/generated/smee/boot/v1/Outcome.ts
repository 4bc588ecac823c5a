// Original file: proto/smee/boot/v1/boot.proto

export const Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  /**
   * The machine got what it asked for.
   */
  YES: 'YES',
  /**
   * It did not; the reason says why.
   */
  NO: 'NO',
  /**
   * Neither: something was heard (a log line, a release, a probe of a file's size).
   */
  HEARD: 'HEARD',
} as const;

export type Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  /**
   * The machine got what it asked for.
   */
  | 'YES'
  | 1
  /**
   * It did not; the reason says why.
   */
  | 'NO'
  | 2
  /**
   * Neither: something was heard (a log line, a release, a probe of a file's size).
   */
  | 'HEARD'
  | 3

export type Outcome__Output = typeof Outcome[keyof typeof Outcome]
