import type { Reason } from '#shared/boot/reasons.ts';

/**
 * HTTP statuses (RFC 9110 §15) of the reasons that this service gives. iPXE shows a person the number only, so it tells the
 * cases apart: 403 is a decision, 404 is something that is not there, 503 is worth another try (iPXE then retries by itself).
 */
const statuses: Partial<Record<Reason, number>> = {
  ok: 200,
  'bad-request': 400,
  'no-iso-source': 400,
  'netboot-not-allowed': 403,
  'outside-root': 403,
  'unknown-machine': 404,
  'loader-missing': 404,
  'not-found': 404,
  'not-a-file': 404,
  'method-not-allowed': 405,
  'timed-out': 408,
  'ambiguous-machine': 409,
  'precondition-failed': 412,
  'request-too-big': 414,
  'range-not-satisfiable': 416,
  'upstream-error': 502,
  'upstream-changed': 502,
  'upstream-no-ranges': 502,
  'redirect-refused': 502,
  'file-changed': 503,
  'not-synced': 503,
  'shutting-down': 503,
  'upstream-timeout': 504,
};

/** Whatever is not the client's doing is ours: 500. */
export function statusOf(why: Reason): number {
  return statuses[why] ?? 500;
}
