import { randomBytes } from 'node:crypto';
import type { BootEvent, Reporter } from './event.ts';

/** A fetch is told of once it has lasted so long: a storm of short ones costs nothing. Milliseconds, as all here. */
const first = 5000;

/** And then again whenever it has lasted twice as long, but after so long at the latest: patience with it is three times that. */
const atLatest = 30_000;

const lookEvery = 1000;

/** Tellings at each look: ten thousand fetches at a time are told of in turn, and take no event of a boot its place in the queue. */
const atOnce = 400;

/** A fetch under way, for who began it. */
export interface Fetch {
  /**
   * To be called when it is over.
   * @returns the id under which it was told to be under way, for the event that says how it ended; undefined when it was not told of
   */
  end(): string | undefined;
}

interface UnderWay {
  readonly since: number;
  readonly soFar: () => BootEvent;
  /** How long it has lasted when it is to be told of. */
  due: number;
  id: string | undefined;
}

/**
 * The fetches of a service that are under way. Their events come when they are over, and a kernel may take minutes where ten
 * thousand machines share a link: whoever waits for it must be able to tell it from one that never began. So the long ones are
 * told of meanwhile, under an id: each telling replaces the one before, and the event of the end the last of them.
 */
export class FetchesUnderWay implements Disposable {
  readonly #tell: Reporter['tell'];
  readonly #now: () => number;
  /** The one that was not told of for longest comes first. */
  readonly #underWay = new Set<UnderWay>();
  #looking: NodeJS.Timeout | undefined;

  /** @param now milliseconds of a clock that never goes back */
  constructor(tell: Reporter['tell'], now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  /** @param soFar the event that would be told if it had ended well now: only called for a fetch that lasts */
  begin(soFar: () => BootEvent): Fetch {
    const fetch: UnderWay = { since: this.#now(), soFar, due: first, id: undefined };
    this.#underWay.add(fetch);
    this.#looking ??= setInterval(() => this.look(), lookEvery).unref();
    return {
      end: () => {
        this.#underWay.delete(fetch);
        return fetch.id;
      },
    };
  }

  /** Tells of those that are due. */
  look(): void {
    const now = this.#now();
    let left = atOnce;
    for (const fetch of [...this.#underWay]) {
      if (left === 0) break;
      const lasted = now - fetch.since;
      if (lasted < fetch.due) continue;
      left--;
      fetch.due = lasted + Math.min(lasted, atLatest);
      fetch.id ??= randomBytes(8).toString('hex');
      this.#underWay.delete(fetch);
      this.#underWay.add(fetch);
      this.#tell({ ...fetch.soFar(), outcome: 'heard', said: 'fetching', fetch: fetch.id });
    }
    if (this.#underWay.size === 0) this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }
}
