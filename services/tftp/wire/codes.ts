/** Operation codes (RFC 1350 §5, RFC 2347). */
export const opcodes = { RRQ: 1, WRQ: 2, DATA: 3, ACK: 4, ERROR: 5, OACK: 6 } as const;

/** Error codes (RFC 1350 appendix, RFC 2347). */
export const errorCodes = {
  notDefined: 0,
  fileNotFound: 1,
  accessViolation: 2,
  diskFull: 3,
  illegalOperation: 4,
  unknownTransferId: 5,
  fileExists: 6,
  noSuchUser: 7,
  optionRefused: 8,
} as const;

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes];

/** Bytes of a block when nobody asks for another size (RFC 1350 §5). */
export const defaultBlockSize = 512;

/** What RFC 2348 allows for blksize. */
export const blockSizes = { least: 8, most: 65_464 } as const;

/** What RFC 2349 allows for timeout, in seconds. */
export const timeouts = { least: 1, most: 255 } as const;

/** What RFC 7440 allows for windowsize, in blocks. */
export const windowSizes = { least: 1, most: 65_535 } as const;

/** Block numbers have 16 bits; 65535 is followed by 0, as every client of today expects (RFC 1350 does not say). */
export const blockNumbers = 0x1_0000;
