import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { messageOf, SmeeError, UnavailableError } from '../errors.ts';
import { toError } from '../grpc/errors.ts';
import type { Taken } from './replica-state.ts';

/** How one watch ended. */
export type Ended =
  | { readonly how: 'lost'; readonly error: SmeeError }
  | { readonly how: 'start-over'; readonly why: string }
  | { readonly how: 'aborted' };

export interface WatchOptions<Batch> {
  /** Opens the stream, which is cancelled in the end. */
  readonly open: () => ClientReadableStream<Batch>;
  readonly where: string;
  /** Until it is synced, a watch that is silent for so long, in milliseconds, counts as lost: a hung server accepts and says nothing. */
  readonly answerWithinMs: number;
  readonly signal: AbortSignal;
  readonly take: (batch: Batch) => Taken;
}

/** Runs one watch to its end. Never rejects. */
export function watchOnce<Batch>(options: WatchOptions<Batch>): Promise<Ended> {
  const { open, where, answerWithinMs, signal, take } = options;
  return new Promise((resolve) => {
    const stream = open();
    const end = (ended: Ended) => {
      clearTimeout(silence);
      signal.removeEventListener('abort', abort);
      stream.removeAllListeners('data');
      // Its own CANCELLED still comes, and an `error` without a listener would throw.
      stream.cancel();
      resolve(ended);
    };
    const abort = () => end({ how: 'aborted' });
    const silence = setTimeout(() => {
      const error = new UnavailableError(
        `the hardware service at ${where} accepts but says nothing for ${answerWithinMs} ms`,
      );
      end({ how: 'lost', error });
    }, answerWithinMs);

    stream.on('data', (batch: Batch) => {
      const taken = attempt(() => take(batch));
      if (taken instanceof SmeeError) end({ how: 'lost', error: taken });
      else if (taken.now === 'start-over') end({ how: 'start-over', why: taken.why });
      else if (taken.now === 'synced') clearTimeout(silence);
      else silence.refresh();
    });
    stream.on('error', (error: ServiceError) => {
      if (error.code === status.OUT_OF_RANGE) end({ how: 'start-over', why: error.details });
      else end({ how: 'lost', error: toError(error, where) });
    });
    stream.on('end', () =>
      end({ how: 'lost', error: new UnavailableError(`the hardware service at ${where} ended the watch`) }),
    );
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** A throw in a listener would end the process. */
function attempt<T>(work: () => T): T | SmeeError {
  try {
    return work();
  } catch (error) {
    return new SmeeError('broken', messageOf(error), { cause: error });
  }
}
