import { type Reason, reasons } from '#shared/boot/reasons.ts';
import { type ErrorCode, errorCodes } from '../wire/codes.ts';
import type { ErrorPacket } from '../wire/packet.ts';

/** Reasons that have a code of their own in RFC 1350; every other is "not defined", and the text says it. */
const codes: Partial<Record<Reason, ErrorCode>> = {
  'not-found': errorCodes.fileNotFound,
  'loader-missing': errorCodes.fileNotFound,
  'unknown-machine': errorCodes.fileNotFound,
  'not-a-file': errorCodes.fileNotFound,
  'outside-root': errorCodes.accessViolation,
  'file-unreadable': errorCodes.accessViolation,
  'netboot-not-allowed': errorCodes.accessViolation,
  'ambiguous-machine': errorCodes.accessViolation,
  'write-refused': errorCodes.accessViolation,
  'bad-request': errorCodes.illegalOperation,
  'foreign-port': errorCodes.unknownTransferId,
  'no-transfer': errorCodes.unknownTransferId,
};

/** The ERROR that tells a client why not: firmware shows the text, or at least the code. */
export function refusal(why: Reason): ErrorPacket {
  return { op: 'ERROR', code: codes[why] ?? errorCodes.notDefined, message: `${why}: ${reasons[why].means}` };
}
