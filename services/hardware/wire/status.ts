import { concat } from '#shared/bytes.ts';
import { messageField, stringField, varintField } from './protobuf.ts';

/** Status codes of gRPC that this service answers (grpc/doc/statuscodes.md). */
export const codes = {
  OK: 0,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

type Code = keyof typeof codes;

/** What is wrong with one field, by its path in the proto: `hardware.interfaces[1].dhcp.mac`. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

/** Which resource stands in the way. */
interface ResourceInfo {
  readonly name: string;
  readonly description: string;
}

/** A call that is answered with no. */
export interface Refusal {
  readonly code: Code;
  readonly message: string;
  /** google.rpc.BadRequest */
  readonly violations?: readonly Violation[];
  /** google.rpc.ResourceInfo, one each */
  readonly resources?: readonly ResourceInfo[];
}

/** google.rpc.Status with its details: the value of the trailer `grpc-status-details-bin`. */
export function encodeStatus({ code, message, violations = [], resources = [] }: Refusal): Uint8Array {
  const badRequest = violations.map(({ field, description }) =>
    messageField(1, concat([stringField(1, field), stringField(2, description)])),
  );
  const details = [
    ...(badRequest.length === 0 ? [] : [any('google.rpc.BadRequest', concat(badRequest))]),
    ...resources.map(({ name, description }) =>
      any(
        'google.rpc.ResourceInfo',
        concat([
          stringField(1, 'smee.hardware.v1.Hardware'),
          stringField(2, name),
          stringField(4, description),
        ]),
      ),
    ),
  ];
  return concat([
    varintField(1, codes[code]),
    stringField(2, message),
    ...details.map((detail) => messageField(3, detail)),
  ]);
}

/** google.protobuf.Any */
function any(type: string, value: Uint8Array): Uint8Array {
  return concat([stringField(1, `type.googleapis.com/${type}`), messageField(2, value)]);
}
