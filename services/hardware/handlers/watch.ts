import type { WatchHardwareRequest__Output } from '#shared/generated/smee/hardware/v1/WatchHardwareRequest.ts';
import type { Watcher } from '../calls.ts';
import { stopping, tooSlow } from '../decide/refusals.ts';
import { checkWatch } from '../decide/resume.ts';
import type { Handling } from '../handling.ts';
import type { Refusal } from '../wire/status.ts';

/**
 * Serves one watcher until it leaves (undefined) or has to be cut off (why). Nothing is buffered for it: the next message is
 * taken from the store once the one before has been taken by its connection, so its memory is one message however slow it reads.
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
  const now = store.revision;
  const since = sinceRevision === 0 ? await sendSnapshot(handling, watcher) : sinceRevision;
  return typeof since === 'number' ? await follow(handling, watcher, since, now) : since;
}

/** The records of one moment. Gives back the moment's revision, or why it ended before. */
async function sendSnapshot(
  { store, feed, stop }: Handling,
  watcher: Watcher,
): Promise<number | Refusal | undefined> {
  using snapshot = feed.snapshot();
  for (let at = 0; ; ) {
    if (watcher.gone.aborted) return undefined;
    if (stop.aborted) return stopping;
    // Whoever reads for so long could not be told what has changed since; and SQLite keeps every page that he may still want.
    if (snapshot.revision < store.oldest) return tooSlow;
    const batch = snapshot.next(at);
    if (batch === undefined) return snapshot.revision;
    if (!(await watcher.send(batch.bytes))) return tooSlow;
    at = batch.upTo;
  }
}

/**
 * Every change after a revision, for ever, and SYNCED as soon as what had happened when the watch began is complete: to wait
 * until there is nothing more to tell would be for ever in a store that changes all the time.
 */
async function follow(
  { feed, stop }: Handling,
  watcher: Watcher,
  since: number,
  syncedAt: number,
): Promise<Refusal | undefined> {
  let at = since;
  let synced = false;
  while (!watcher.gone.aborted) {
    if (stop.aborted) return stopping;
    if (feed.hasForgotten(at)) return tooSlow;
    const batch = feed.next(at);
    if (batch !== undefined) {
      if (!(await watcher.send(batch.bytes))) return tooSlow;
      at = batch.upTo;
    }
    if (!synced && at >= syncedAt) {
      synced = true;
      if (!(await watcher.send(feed.synced(at)))) return tooSlow;
    }
    if (!batch?.full) await nextChange((listener) => feed.onNews(at, listener), [watcher.gone, stop]);
  }
  return undefined;
}

/** Resolves at the next change, or when one of the signals aborts or has aborted. Registers before it gives control away: none is missed. */
export async function nextChange(
  onChange: (listener: () => void) => () => void,
  signals: readonly AbortSignal[],
): Promise<void> {
  // Nobody would tell: a watcher may have left while it was sent the last message.
  if (signals.some(({ aborted }) => aborted)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = onChange(resolve);
  const aborted = () => resolve();
  for (const signal of signals) signal.addEventListener('abort', aborted, { once: true });
  await promise;
  end();
  for (const signal of signals) signal.removeEventListener('abort', aborted);
}
