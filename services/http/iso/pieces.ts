import type { IncomingMessage } from 'node:http';
import { asUpstreamError, UpstreamError } from './failure.ts';
import type { UpstreamLimits } from './limits.ts';

/**
 * The body of an upstream's answer, which must be `length` bytes long. Nothing is read ahead: the upstream is as fast as whoever
 * takes the pieces. It may keep us waiting for a while and, beyond that, in proportion to what it has sent: so neither silence
 * nor a trickle holds a connection for long.
 * @throws {UpstreamError}
 */
export async function* piecesOf(
  answer: IncomingMessage,
  length: number,
  limits: UpstreamLimits,
): AsyncGenerator<Uint8Array, void> {
  const iterator: AsyncIterator<Buffer> = answer[Symbol.asyncIterator]();
  let received = 0;
  let waited = 0;
  try {
    for (;;) {
      const since = performance.now();
      const left = limits.wait + (received / 2 ** 20) * limits.waitPerMiB - waited;
      const timer = setTimeout(
        () => answer.destroy(new UpstreamError('upstream-timeout', 'the body comes too slowly')),
        left,
      );
      const { value, done } = await iterator.next().finally(() => clearTimeout(timer));
      waited += performance.now() - since;
      if (done === true) break;
      received += value.length;
      if (received > length) throw new UpstreamError('upstream-error', 'more bytes than it said');
      if (value.length > 0) yield value;
    }
    if (received < length) throw new UpstreamError('upstream-error', 'fewer bytes than it said');
  } catch (error) {
    throw asUpstreamError(error);
  } finally {
    // Read to its end, the connection serves the next request; else it is closed.
    if (received < length || !answer.complete) answer.destroy();
  }
}
