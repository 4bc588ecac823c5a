import { type Reason, reasons } from '#shared/boot/reasons.ts';

/** Seconds that a client is asked to wait for what will come back by itself. */
export const retryAfter = 5;

/**
 * A whole answer as text, for a connection that never came to a request: nothing but the reason, and the connection ends with it.
 * @param status `400 Bad Request`
 */
export function bareAnswer(status: string, why: Reason): string {
  const body = `${why}: ${reasons[why].means}\n`;
  return [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    ...(status.startsWith('503') ? [`Retry-After: ${retryAfter}`] : []),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
