import type { WatchHardwareRequest__Output } from '#shared/generated/smee/hardware/v1/WatchHardwareRequest.ts';
import type { Watcher } from '../calls.ts';
import { stopping, tooSlow } from '../decide/refusals.ts';
import { checkWatch } from '../decide/resume.ts';
import type { Handling } from '../handling.ts';
import type { Refusal } from '../wire/status.ts';

/**
 * Serves one watcher until it leaves (undefined) or has to be cut off (why). Nothing is buffered for it: the next batch is
 * read from the store's history once the one before has been taken, so its memory is one batch however slow it reads.
 */
export async function watchHardware(
  handling: Handling,
  request: WatchHardwareRequest__Output,
  watcher: Watcher,
): Promise<Refusal | undefined> {
  const { store } = handling;
  const { storeId = '', sinceRevision = 0 } = request;
  const refused = checkWatch({ storeId, sinceRevision }, store);
  if (refused !== undefined) return refused;
  const synced = sinceRevision === 0 ? await sendSnapshot(handling, watcher) : sinceRevision;
  if (typeof synced !== 'number') return synced;
  return await follow(handling, watcher, synced, sinceRevision !== 0);
}

/** The records of one moment, and SYNCED. Gives back the moment's revision, or why it ended before. */
async function sendSnapshot(
  { store, feed, stop }: Handling,
  watcher: Watcher,
): Promise<number | Refusal | undefined> {
  using snapshot = store.snapshot();
  for (const batch of feed.snapshot(snapshot.records)) {
    if (watcher.gone.aborted) return undefined;
    if (stop.aborted) return stopping;
    if (!(await watcher.send(batch))) return tooSlow;
  }
  return (await watcher.send(feed.synced(snapshot.revision))) ? snapshot.revision : tooSlow;
}

/** Every change after a revision, for ever. Who resumes gets SYNCED as soon as what it missed is complete. */
async function follow(
  { store, feed, stop }: Handling,
  watcher: Watcher,
  since: number,
  resumed: boolean,
): Promise<Refusal | undefined> {
  let at = since;
  let syncing = resumed;
  while (!watcher.gone.aborted) {
    if (stop.aborted) return stopping;
    if (at < store.oldest) return tooSlow;
    const batch = feed.next(at);
    if (batch !== undefined) {
      if (!(await watcher.send(batch.bytes))) return tooSlow;
      at = batch.upTo;
    } else if (syncing) {
      syncing = false;
      if (!(await watcher.send(feed.synced(at)))) return tooSlow;
    } else {
      await nextChange(store.onChange, [watcher.gone, stop]);
    }
  }
  return undefined;
}

/** Resolves at the next change, or when one of the signals aborts. Registers before it gives control away: none is missed. */
export async function nextChange(
  onChange: (listener: () => void) => () => void,
  signals: readonly AbortSignal[],
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = onChange(resolve);
  const aborted = () => resolve();
  for (const signal of signals) signal.addEventListener('abort', aborted, { once: true });
  await promise;
  end();
  for (const signal of signals) signal.removeEventListener('abort', aborted);
}
