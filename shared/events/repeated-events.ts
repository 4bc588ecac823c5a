import type { BootEvent, Reporter } from './event.ts';

/**
 * The very same is told again after so many milliseconds; until then it is counted. Whoever was silent so long boots again,
 * and is told at once; whoever asks all the while has to wait for his turn.
 */
const toldFor = 10_000;

/**
 * Those that are only counted are looked through so often (milliseconds), and so many are told at a time: few, since answers wait for
 * as long as that takes.
 */
const lookEvery = 100;
const atOnce = 25;

/** More than that has not passed: it is less than nothing, in 32 bits. */
const mostPassed = 2 ** 32 - 60_000;

/** What waits for its count to be told: as many as answers are remembered. */
const mayWait = 32_768;

/**
 * What happens again and again. Its numbers are whole and have 32 bits: such a number lies in the object itself, and to
 * fetch anything else from memory would cost more than all that is done with it.
 */
export interface ToldEvent {
  /** May be replaced by one that says the same of somebody else who asked: the last of them is told. */
  event: BootEvent;
  /** In milliseconds of the clock that never goes back, modulo 2^32. */
  toldAt: number;
  repeats: number;
  /** Of the last one: when it came, by the same clock, and its xid. */
  heardAt: number;
  xid: number;
}

/** Tells of what happens again and again only now and then, with how often it did. */
export class RepeatedEvents implements Disposable {
  readonly #reporter: Reporter;
  readonly #now: () => number;
  readonly #counted: ToldEvent[] = [];
  readonly #looks: NodeJS.Timeout;

  /** @param now milliseconds of a clock that never goes back */
  constructor(reporter: Reporter, now: () => number) {
    this.#reporter = reporter;
    this.#now = now;
    this.#looks = setInterval(() => this.tellCounted(), lookEvery).unref();
  }

  /** The first time. */
  tell(event: BootEvent): ToldEvent {
    this.#reporter.tell(event);
    const now = this.#now();
    return { event, toldAt: now | 0, repeats: 0, heardAt: now | 0, xid: (event.xid ?? 0) | 0 };
  }

  /** It happened once more. Nearly nothing: it is every packet's way in a storm. @param now when it came */
  again(told: ToldEvent, xid: number, now: number): void {
    told.xid = xid | 0;
    told.heardAt = now | 0;
    if (told.repeats > 0) told.repeats++;
    else if (since(told.toldAt, now) >= toldFor) this.#tellAgain(told, now, 0);
    else if (this.#counted.length < mayWait) {
      told.repeats = 1;
      this.#counted.push(told);
    }
  }

  /** What was only counted, in turn. An event stands for the last one, and says how many more there were. */
  tellCounted(): void {
    const now = this.#now();
    const first = this.#counted.slice(0, atOnce);
    const due = first.findIndex(({ toldAt }) => since(toldAt, now) < toldFor);
    const ready = this.#counted.splice(0, due === -1 ? first.length : due);
    for (const told of ready) if (told.repeats > 0) this.#tellAgain(told, now, told.repeats - 1);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#looks);
    const now = this.#now();
    for (const told of this.#counted) if (told.repeats > 0) this.#tellAgain(told, now, told.repeats - 1);
  }

  #tellAgain(told: ToldEvent, now: number, repeats: number): void {
    told.toldAt = now | 0;
    told.repeats = 0;
    // Not when it is told: what came after it (the loader that was fetched) came after it.
    const at = Date.now() - since(told.heardAt, now);
    const xid = told.event.xid === undefined ? undefined : told.xid >>> 0;
    this.#reporter.tell({ ...told.event, at, xid, repeats });
  }
}

/** Milliseconds between two times of the clock, also when it has gone round: up to seven weeks but a minute. */
function since(then: number, now: number): number {
  const passed = (now - then) >>> 0;
  // What came while the first of them was still being answered came before that was told.
  return passed > mostPassed ? 0 : passed;
}
