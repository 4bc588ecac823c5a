import type { Reason } from '#shared/boot/reasons.ts';
import { SmeeError } from '#shared/errors.ts';

/** An upstream did not give what it should. The message never holds a URL: that may carry credentials. */
export class UpstreamError extends SmeeError {
  readonly why: Reason;
  constructor(why: Reason, message: string, options?: ErrorOptions) {
    super(why, message, options);
    this.why = why;
  }
}

/** Anything that was thrown while an upstream was asked. */
export function asUpstreamError(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  return new UpstreamError(code === 'ETIMEDOUT' ? 'upstream-timeout' : 'upstream-error', code, {
    cause: error,
  });
}
