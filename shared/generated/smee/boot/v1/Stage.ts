// Original file: proto/smee/boot/v1/boot.proto

export const Stage = {
  STAGE_UNSPECIFIED: 'STAGE_UNSPECIFIED',
  DHCP: 'DHCP',
  TFTP: 'TFTP',
  HTTP: 'HTTP',
  ISO: 'ISO',
  SYSLOG: 'SYSLOG',
  /**
   * The operating system itself: it phoned home.
   */
  OS: 'OS',
} as const;

export type Stage =
  | 'STAGE_UNSPECIFIED'
  | 0
  | 'DHCP'
  | 1
  | 'TFTP'
  | 2
  | 'HTTP'
  | 3
  | 'ISO'
  | 4
  | 'SYSLOG'
  | 5
  /**
   * The operating system itself: it phoned home.
   */
  | 'OS'
  | 6

export type Stage__Output = typeof Stage[keyof typeof Stage]
