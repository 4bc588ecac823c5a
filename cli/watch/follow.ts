import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceError, status } from '@grpc/grpc-js';
import { type SmeeError, UnavailableError } from '#shared/errors.ts';
import type { BootClient } from '#shared/events/client.ts';
import type { WatchEventsResponse__Output as Batch } from '#shared/generated/smee/boot/v1/WatchEventsResponse.ts';
import { HardwareCallError, toError } from '#shared/grpc/errors.ts';
import { CommandError } from '../exit.ts';

/** Between two attempts after the connection was lost, in milliseconds. */
const retryAfter = 1000;

export interface Following {
  /** A MAC, a record's name or an address; empty for all. */
  readonly machine: string;
  /** What happened since then comes first, in milliseconds since 1970; undefined: only what happens from now on. */
  readonly since: number | undefined;
  readonly signal: AbortSignal;
  /** Resolves when more can be taken. */
  readonly take: (batch: Batch) => Promise<void>;
  /** Told once, when it listens. */
  readonly began: () => void;
  /** Told when the connection is lost; it is taken up again where it was. */
  readonly lost: (error: SmeeError) => void;
}

/**
 * Follows the events of boots until it is told to stop, without a gap: also when the hardware service restarts, or cuts us off
 * because we read too slowly.
 * @throws {UnavailableError} when it never began; {CommandError} when there is no such machine
 */
export async function follow(client: BootClient, following: Following): Promise<void> {
  const { signal, began, lost } = following;
  // Where it begins is asked for first: what happens before the first event can then be asked for again.
  const last = await newest(client);
  let after = following.since === undefined ? last : 0;
  // A store without any event has no place to begin at: a time will do.
  const since = following.since ?? Date.now();
  began();
  while (!signal.aborted) {
    const ended = await watchOnce(client, { afterId: after, sinceUnixMilli: since }, following);
    after = ended.after;
    if (ended.error === undefined) continue;
    if (ended.error instanceof HardwareCallError) refuse(ended.error);
    lost(ended.error);
    await delay(retryAfter, undefined, { signal }).catch(() => undefined);
    // Another store counts from the beginning.
    after = Math.min(after, await newest(client).catch(() => after));
  }
}

/** Throws what would be said again if it were asked again. */
function refuse(error: HardwareCallError): void {
  if (error.code === 'not-found') throw new CommandError('notFound', error.message);
  if (error.code === 'invalid-argument') throw error;
}

async function newest(client: BootClient): Promise<number> {
  return (await client.list({ pageSize: 1 })).summary?.lastEventId ?? 0;
}

/** How one watch ended; without an error it can go on at once. */
interface Ended {
  readonly after: number;
  readonly error?: SmeeError;
}

/** Never rejects. */
function watchOnce(
  client: BootClient,
  place: { readonly afterId: number; readonly sinceUnixMilli: number },
  { machine, signal, take }: Following,
): Promise<Ended> {
  return new Promise((resolve) => {
    let after = place.afterId;
    const stream = client.watch({ machine, ...place });
    const end = (error?: SmeeError) => {
      signal.removeEventListener('abort', abort);
      stream.removeAllListeners('data');
      // Its own CANCELLED still comes, and an `error` without a listener would throw.
      stream.cancel();
      resolve(error === undefined ? { after } : { after, error });
    };
    const abort = () => end();
    stream.on('data', (batch: Batch) => {
      after = Math.max(after, ...batch.events.map(({ id = 0 }) => id));
      stream.pause();
      void take(batch).then(() => stream.resume());
    });
    stream.on('error', (error: ServiceError) =>
      end(error.code === status.RESOURCE_EXHAUSTED ? undefined : toError(error, 'that address')),
    );
    stream.on('end', () => end(new UnavailableError('the hardware service ended the watch')));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
