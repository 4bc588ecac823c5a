import { openBelow } from '#shared/assets/open.ts';
import { reasons } from '#shared/boot/reasons.ts';
import { messageOf } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { isCut } from './check.ts';
import { Reading } from './reading.ts';

/** A file as it was served. */
export interface ServedFile {
  /** Below the folder. */
  readonly path: string;
  /** Another one for every other content. */
  readonly version: string;
}

/** Versions that are remembered, and those that wait for their check; the oldest are forgotten, the newest wait in vain. */
const remembered = 1000;
const mayWait = 100;

/** Fetches of one version that wait for its check. */
const mayAsk = 1000;

type Ask = () => void;

/** What is known of one version: whether it is cut, or who is to be told if it is. */
interface Known extends ServedFile {
  cut: boolean | undefined;
  asks: Ask[];
}

/**
 * Looks once, in the background, at each version of the files that were served, one file at a time: whether it ends in the middle of
 * what it holds. No answer waits for it, and of a format that it does not know it says nothing.
 */
export class WholeFiles implements AsyncDisposable {
  readonly #folder: string;
  readonly #log: Log;
  readonly #stop = new AbortController();
  readonly #known = new Map<string, Known>();
  readonly #waiting: Known[] = [];
  #checking: Promise<void> | undefined;

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** @param tell called if the file is cut: at once, or when it is found out */
  served(file: ServedFile, tell: Ask): void {
    const key = `${file.version} ${file.path}`;
    const known = this.#known.get(key) ?? this.#begin(key, file);
    if (known?.cut === true) tell();
    else if (known?.cut === undefined && known !== undefined && known.asks.length < mayAsk)
      known.asks.push(tell);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#checking;
  }

  #begin(key: string, file: ServedFile): Known | undefined {
    if (this.#waiting.length >= mayWait) return undefined;
    const [oldest] = this.#known.size < remembered ? [] : this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
    const known: Known = { ...file, cut: undefined, asks: [] };
    this.#known.set(key, known);
    this.#waiting.push(known);
    this.#checking ??= this.#checkAll().finally(() => {
      this.#checking = undefined;
    });
    return known;
  }

  /** Never rejects. */
  async #checkAll(): Promise<void> {
    for (let known = this.#waiting.shift(); known !== undefined; known = this.#waiting.shift()) {
      const { path } = known;
      try {
        known.cut = await this.#check(known);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        known.cut = false;
        this.#log.debug({ file: path, error: messageOf(error) }, 'cannot look whether a file is whole');
      }
      const asks = known.asks.splice(0);
      if (!known.cut) continue;
      this.#log.warn({ file: path, why: 'file-truncated' }, `${path}: ${reasons['file-truncated'].means}`);
      for (const tell of asks) tell();
    }
  }

  /** False also for a file that has become another one: that one is looked at when it is served. */
  async #check({ path, version }: ServedFile): Promise<boolean> {
    const file = await openBelow(this.#folder, path);
    if ('why' in file) return false;
    await using handle = file.handle;
    if (file.version !== version) return false;
    const cut = await isCut(new Reading(handle, file.size, this.#stop.signal));
    // Somebody may be writing it still.
    return cut && (await handle.stat()).size === file.size;
  }
}
