import { fileURLToPath } from 'node:url';
import type { ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

// Read by protobufjs, not by our own encoder.
const types = loadSync(fileURLToPath(new URL('../fixtures/rpc-status.proto', import.meta.url)), {
  defaults: true,
});

interface Status {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly type: string; readonly value: Record<string, unknown> }[];
}

/** A google.rpc.Status, its details decoded by their type. */
export function readStatus(bytes: Uint8Array): Status {
  const { code, message, details } = decode('google.rpc.Status', bytes) as {
    code: number;
    message: string;
    details: { typeUrl: string; value: Uint8Array }[];
  };
  return {
    code,
    message,
    details: details.map(({ typeUrl, value }) => {
      const type = typeUrl.replace('type.googleapis.com/', '');
      return { type, value: decode(type, value) };
    }),
  };
}

/** The google.rpc.Status in the trailers of a failed call. */
export function statusDetails(error: ServiceError): Status {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!(bytes instanceof Buffer)) throw new Error('the call has no grpc-status-details-bin');
  return readStatus(bytes);
}

/** The paths of google.rpc.BadRequest, in order. */
export function violatedFields(error: ServiceError): readonly string[] {
  return statusDetails(error)
    .details.filter(({ type }) => type === 'google.rpc.BadRequest')
    .flatMap(({ value }) => (value.fieldViolations as { field: string }[]).map(({ field }) => field));
}

function decode(type: string, bytes: Uint8Array): Record<string, unknown> {
  const message = types[type] as unknown as { deserialize(bytes: Buffer): Record<string, unknown> };
  return message.deserialize(Buffer.from(bytes));
}
