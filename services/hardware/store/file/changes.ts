import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fingerprint, foldersOf } from './files.ts';

export interface WatchTimes {
  /** How long files must stay as they are before they are read, in milliseconds. */
  readonly settle: number;
  /** How often to look where the kernel tells nothing (a network's file system, a mounted file), in milliseconds. */
  readonly poll: number;
}

/** Files that never come to rest are read all the same, after so many times `settle`. */
const patience = 50;

/**
 * Yields once after each change of the files, as soon as they rest. Watches folders, never files: editors and ConfigMaps put
 * new ones in place of the old.
 * @param seen what `fingerprint` said of the files that were read last
 */
export async function* changesOf(
  path: string,
  seen: string,
  { settle, poll }: WatchTimes,
  stop: AbortSignal,
): AsyncGenerator<void> {
  using folders = new FolderWatch();
  let last = seen;
  while (!stop.aborted) {
    folders.follow(foldersOf(path));
    await folders.next(poll, stop);
    // Much else may go on in these folders.
    await pause(settle / 10, stop);
    const changed = fingerprint(path);
    if (changed === last) continue;
    last = await rested(path, changed, settle, stop);
    if (!stop.aborted) yield;
  }
}

async function rested(path: string, from: string, settle: number, stop: AbortSignal): Promise<string> {
  let before = from;
  for (let times = 0; times < patience; times++) {
    await pause(settle, stop);
    const now = fingerprint(path);
    if (now === before) return now;
    before = now;
  }
  return before;
}

/** Says that something happened in any of some folders. */
class FolderWatch implements Disposable {
  readonly #watchers = new Map<string, FSWatcher>();
  #woken = Promise.withResolvers<void>();

  follow(folders: ReadonlySet<string>): void {
    for (const folder of this.#watchers.keys()) if (!folders.has(folder)) this.#forget(folder);
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#add(folder);
  }

  /** Resolves at the next event, also one since the last call, or when the time is over. */
  async next(within: number, stop: AbortSignal): Promise<void> {
    const { promise, resolve } = this.#woken;
    const timer = setTimeout(resolve, within).unref();
    const stopped = () => resolve();
    stop.addEventListener('abort', stopped, { once: true });
    await promise;
    clearTimeout(timer);
    stop.removeEventListener('abort', stopped);
    this.#woken = Promise.withResolvers();
  }

  #add(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#woken.resolve());
      watcher.on('error', () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // Not there, or no watches left: polling will do.
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  [Symbol.dispose](): void {
    for (const folder of [...this.#watchers.keys()]) this.#forget(folder);
  }
}

/** Ends early, and without an error, when it is stopped. */
export async function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal: stop, ref: false }).catch(() => undefined);
}
