import type { ServiceError } from '@grpc/grpc-js';
import { toText } from '#shared/bytes.ts';
import { messageOf } from '#shared/errors.ts';

/** What is wrong with one field (google.rpc.BadRequest.FieldViolation). */
interface Violation {
  readonly field: string;
  readonly description: string;
}

/** Why the hardware service refused a record, to stand behind a colon: each violation on a line of its own. */
export function describeRefusal(error: unknown): string {
  const violations = violationsIn(error);
  if (violations.length === 0) return ` ${messageOf(error)}`;
  return violations.map(({ field, description }) => `\n  ${field}: ${description}`).join('');
}

/** The field violations that came with an error of the hardware service; none when it has no such details. */
function violationsIn(error: unknown): readonly Violation[] {
  const cause = error instanceof Error ? error.cause : undefined;
  const [details] = isServiceError(cause) ? cause.metadata.get('grpc-status-details-bin') : [];
  if (!(details instanceof Uint8Array)) return [];
  // google.rpc.Status.details = 3: google.protobuf.Any { type_url = 1, value = 2 }.
  return fieldsOf(details, 3)
    .filter((any) => fieldsOf(any, 1).some((type) => toText(type).endsWith('/google.rpc.BadRequest')))
    .flatMap((any) => fieldsOf(any, 2))
    .flatMap((badRequest) => fieldsOf(badRequest, 1))
    .map((violation) => ({ field: textOf(violation, 1), description: textOf(violation, 2) }));
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'metadata' in error;
}

function textOf(message: Uint8Array, field: number): string {
  return fieldsOf(message, field).map(toText).at(-1) ?? '';
}

/** The length-delimited fields with that number, of protobuf's encoding; reading ends where it makes no sense. */
function fieldsOf(message: Uint8Array, wanted: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; at < message.length; factor *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = varint();
    const length = varint();
    if (tag % 8 === 0) continue;
    if (tag % 8 !== 2) break;
    if (Math.floor(tag / 8) === wanted) found.push(message.subarray(at, at + length));
    at += length;
  }
  return found;
}
