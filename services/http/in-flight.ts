import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Reason } from '#shared/boot/reasons.ts';
import type { FetchesUnderWay } from '#shared/events/fetches.ts';
import type { Account, Arrival, Fields } from './account.ts';
import { PartBytes } from './file/part.ts';
import { PartSender } from './file/part-sender.ts';
import type { Answer } from './handlers/answer.ts';
import { limits } from './limits.ts';
import type { HttpMetrics } from './metrics.ts';
import { Pace } from './pace.ts';

export interface InFlightParts {
  readonly account: Account;
  readonly metrics: HttpMetrics;
  /** True once the service stops: no connection is kept for a next request. */
  readonly stopping: () => boolean;
  /** undefined when the hardware service is told nothing. */
  readonly fetches: FetchesUnderWay | undefined;
}

/** An answer's body as it leaves. */
export type Body = string | Uint8Array | Readable | PartSender | PartBytes;

/** An answer that is on its way. */
export interface Leaving {
  /** Says why it will have ended, whatever becomes of it. */
  cut(why: Reason): void;
  /** Ends it, and its connection. */
  breakOff(why: Reason): void;
}

/** Answers from when they are decided until their last byte has left or the client has gone; then they are accounted for. */
export class InFlight implements AsyncDisposable {
  readonly #parts: InFlightParts;
  readonly #pace = new Pace();
  #count = 0;
  #landed = () => {};

  constructor(parts: InFlightParts) {
    this.#parts = parts;
  }

  /** @param fields of the answer's head; they are read when they are needed */
  begin(
    arrival: Arrival,
    response: ServerResponse,
    answer: Omit<Answer, 'body'>,
    body: Body,
    fields: Fields,
  ): Leaving {
    const { account, metrics, stopping, fetches } = this.#parts;
    const { socket } = response.req;
    let cut: Reason | undefined;
    const leaving: Leaving = {
      cut(why) {
        cut = why;
      },
      breakOff(why) {
        cut = why;
        socket.destroy();
      },
    };
    this.#count++;
    metrics.inFlight.inc();
    metrics.jobs.begun(answer.said);
    const fetch = mayLast(arrival, answer, body)
      ? fetches?.begin(() => account.soFar(arrival, fields, answer, bytesRead(body)))
      : undefined;
    const unpaced = isPaced(body)
      ? this.#pace.begin({
          socket,
          // Node lends its connection to one answer of a pipeline after the other.
          isItsTurn: () => response.socket !== null,
          taken: () => taken(body),
          tooSlow: () => leaving.breakOff('timed-out'),
        })
      : undefined;
    const closed = () => {
      metrics.inFlight.dec();
      const isSent = response.writableFinished || (body instanceof PartSender && body.isWhole);
      const why = cut ?? (isSent ? answer.why : 'aborted');
      const bytes = arrival.method === 'HEAD' ? 0 : bytesSent(response, fields, body);
      account.ended(arrival, fields, { ...answer, why }, bytes, fetch?.end());
      if (stopping()) socket.end();
      this.#count--;
      if (this.#count === 0) this.#landed();
    };
    const close = () => {
      unpaced?.();
      // A client may leave with its last byte before we know that we have sent it.
      if (body instanceof PartSender) body.stop(closed);
      else closed();
    };
    // A client that left while its answer was being prepared has closed it already.
    if (response.destroyed) close();
    else response.once('close', close);
    return leaving;
  }

  /** Waits for those whose connection is gone already, but not for ever: a disk may hold what sends them. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#count === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#landed = resolve;
    const late = setTimeout(resolve, limits.lastLines);
    await promise;
    clearTimeout(late);
  }
}

/** Whether a machine may wait for it so long that it is to be told of while it is on its way. */
function mayLast({ method }: Arrival, { why, routine }: Omit<Answer, 'body'>, body: Body): boolean {
  return typeof body !== 'string' && why === 'ok' && method !== 'HEAD' && routine !== true;
}

/** Those that hold something for their client: a file, or memory of which there is so much and no more. */
function isPaced(body: Body): body is Readable | PartSender | PartBytes {
  return body instanceof PartSender || body instanceof PartBytes || body instanceof Readable;
}

/** Of what is handed over at once nobody says how much is taken, until it is all of it. */
function taken(body: Readable | PartSender | PartBytes): number | undefined {
  if (body instanceof PartBytes) return 0;
  return body instanceof PartSender ? body.taken : bytesRead(body);
}

/** Of an answer that was cut off: what was read for it, which is what left, give or take a buffer. */
function bytesSent(response: ServerResponse, fields: Fields, body: Body): number {
  if (response.writableFinished) return Number(fields.getHeader('content-length') ?? 0);
  return bytesRead(body) ?? 0;
}

/** Of a body that is sent in parts. */
export function bytesRead(body: Body): number | undefined {
  return typeof body === 'object' && 'bytesRead' in body ? Number(body.bytesRead) : undefined;
}
