import { type ServiceError, status } from '@grpc/grpc-js';
import { SmeeError, UnavailableError } from '../errors.ts';

/** The hardware service said no. `code` is gRPC's: `invalid-argument`, `already-exists`, `aborted`, `unauthenticated`, … */
export class HardwareCallError extends SmeeError {}

/** CANCELLED, where we did not cancel, is a server that was killed. */
const absent: readonly status[] = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED];

/** gRPC's status as one of our errors: nobody above knows gRPC's codes. */
export function toError(error: ServiceError, where: string): SmeeError {
  if (absent.includes(error.code)) {
    // gRPC introduces a note that it mostly does not have.
    const details = error.details.replace(/\.?\s*Resolution note:\s*$/, '');
    return new UnavailableError(`the hardware service at ${where} does not answer: ${details}`, {
      cause: error,
    });
  }
  const code = (status[error.code] ?? 'UNKNOWN').toLowerCase().replaceAll('_', '-');
  return new HardwareCallError(code, error.details, { cause: error });
}

/** Not found is a value. */
export async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof HardwareCallError && error.code === 'not-found') return undefined;
    throw error;
  }
}
