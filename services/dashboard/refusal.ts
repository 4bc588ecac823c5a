import { SmeeError, UnavailableError } from '#shared/errors.ts';

/** A request that is answered with no: a status, a stable code, and a sentence for the page to show. */
export class RequestRefused extends SmeeError {
  readonly status: number;
  constructor(status: number, code: string, message: string) {
    super(code, message);
    this.status = status;
  }
}

/** By the codes of the hardware service's refusals. */
const statuses: Readonly<Record<string, number>> = {
  'invalid-argument': 400,
  'not-found': 404,
  'already-exists': 409,
  aborted: 409,
  'failed-precondition': 409,
  'resource-exhausted': 429,
  unimplemented: 501,
};

/** How any error is answered. `expected` ones need no line in the log: they are the client's, or said elsewhere. */
export function refusalOf(error: unknown): { readonly refusal: RequestRefused; readonly expected: boolean } {
  const refuse = (status: number, code: string, message: string, expected = true) => ({
    refusal: new RequestRefused(status, code, message),
    expected,
  });
  if (error instanceof RequestRefused) return { refusal: error, expected: true };
  if (error instanceof UnavailableError)
    return refuse(
      503,
      'hardware-away',
      'The hardware service does not answer; the page goes on by itself when it is back.',
    );
  if (error instanceof SmeeError) {
    const status = statuses[error.code];
    if (status !== undefined) return refuse(status, error.code, error.message);
    return refuse(502, error.code, 'The hardware service refuses this dashboard; its log says why.', false);
  }
  // fastify's own: a body that is no JSON, too long, of another type.
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return refuse(status, 'bad-request', 'The request cannot be read.');
  return refuse(
    500,
    'internal-error',
    'Something failed here that should not; the log of the dashboard says what.',
    false,
  );
}
