import { type Attempt, attemptsOf } from '../decide/boots/attempts.ts';
import { compareFacts, type Fact, isStep, supersedes } from '../decide/boots/fact.ts';
import { remembered, silence } from '../decide/boots/patience.ts';

/** A fact, and the boot that it was last counted to: undefined while it is new, 0 when it is in none. */
interface Held {
  readonly fact: Fact;
  /** By our clock, when it came. */
  readonly since: number;
  boot: number | undefined;
}

/** A boot of the machine, by the id under which it is kept. */
export interface KnownAttempt extends Attempt {
  readonly id: number;
}

/** @property since by our clock, when it was first seen that it had begun */
type Begun = Pick<KnownAttempt, 'id' | 'start' | 'heard'> & { readonly since: number };

interface Settled {
  readonly attempts: readonly KnownAttempt[];
  /** Ids of boots that turned out to be part of another. */
  readonly gone: readonly number[];
  /** Events that are kept already belong to another boot than they did. */
  readonly moved: boolean;
}

/** Facts of one machine that are held at most; and how many of the first and of the last stay when there are more. */
const most = 300;
const first = 100;
const last = 100;

/**
 * The last boots keep their facts. One before them keeps its for a moment, by our clock, until every service has told what it knows: a
 * machine that restarts again and again is not held with hundreds of facts, all of which are judged anew with each one more.
 */
const lastBoots = 2;
const lateness = 30_000;

/**
 * One machine's facts of the last while, from which its boots are cut anew whenever there is one more: so nothing depends on
 * the order in which they came. Boots that ended long ago are sealed: they keep their facts no longer.
 */
export class Track {
  readonly mac: string;
  #held: Held[] = [];
  #attempts: readonly Begun[] = [];
  /** Facts from before are too late to change anything. */
  #sealedUntil: number;
  /** The sealed boot that facts of no other boot belong to; 0 for none. */
  #before: number;

  constructor(mac: string, before = 0, sealedUntil = Number.NEGATIVE_INFINITY) {
    this.mac = mac;
    this.#before = before;
    this.#sealedUntil = sealedUntil;
  }

  /** Takes a boot up again, with the facts that are kept of it. */
  resume(id: number, start: number, facts: readonly Fact[], now: number): void {
    this.#attempts = [{ id, start, heard: start, since: now }];
    this.#held = facts
      .map((fact) => ({ fact, since: now, boot: id }))
      .toSorted((a, b) => compareFacts(a.fact, b.fact));
  }

  /** @param now by our clock */
  add(fact: Fact, now: number): void {
    if (fact.at < this.#sealedUntil) return;
    if (fact.fetch !== '') {
      if (this.#held.some((held) => supersedes(held.fact, fact))) return;
      this.#held = this.#held.filter((held) => !supersedes(fact, held.fact));
    }
    let at = this.#held.length;
    while (at > 0 && compareFacts((this.#held[at - 1] as Held).fact, fact) > 0) at--;
    this.#held.splice(at, 0, { fact, since: now, boot: undefined });
    if (this.#held.length > most) this.#shed();
  }

  /** The boot that something at a time belongs to, as settled; 0 for none, and for what comes more than a day after it. */
  bootAt(at: number): number {
    const attempt = this.#attempts.findLast(({ start }) => start <= at);
    const { id, heard } = attempt ?? { id: this.#before, heard: this.#sealedUntil };
    return at - heard > remembered ? 0 : id;
  }

  /** Cuts the facts into boots; those that were known keep their ids. @param newId gives the next */
  settle(newId: () => number, now: number): Settled {
    const found = attemptsOf(this.#held.map(({ fact }) => fact));
    const old = [...this.#attempts];
    const attempts: KnownAttempt[] = [];
    this.#attempts = found.map((attempt, at) => {
      const { start, next = Number.POSITIVE_INFINITY } = attempt;
      const from = at === 0 ? Number.NEGATIVE_INFINITY : start;
      const known = old.findIndex((one) => one.start >= from && one.start < next);
      const [same = { id: newId(), since: now }] = known === -1 ? [] : old.splice(known, 1);
      attempts.push({ ...attempt, id: same.id });
      return { id: same.id, start, heard: attempt.heard, since: same.since };
    });
    return { attempts, gone: old.map(({ id }) => id), moved: this.#assign() };
  }

  /**
   * Forgets, once it has been here for long, what can change nothing any more: the facts of boots after which another has begun,
   * and what a system did after its boot. What comes later still is too late.
   */
  seal(now: number): void {
    const old = now - silence;
    while (this.#attempts.length > 1 && this.#isOver(now)) this.#sealFirst();
    const over = (this.#attempts.at(-1)?.heard ?? Number.NEGATIVE_INFINITY) + silence;
    this.#held = this.#held.filter(
      ({ fact, since }) => fact.at >= this.#sealedUntil && (since >= old || isStep(fact) || fact.at <= over),
    );
  }

  /** Whether the first boot can go: it has been known for long enough that another one followed. */
  #isOver(now: number): boolean {
    const { since = now } = this.#attempts[1] ?? {};
    return now - since > (this.#attempts.length > lastBoots ? lateness : silence);
  }

  /** Whether an old fact has changed its boot. */
  #assign(): boolean {
    let moved = false;
    for (const held of this.#held) {
      const boot = this.bootAt(held.fact.at);
      moved ||= held.boot !== undefined && held.boot !== boot;
      held.boot = boot;
    }
    return moved;
  }

  /** Of several boots the first is given up as it is: were they thinned together, those in the middle would lose their beginnings. */
  #shed(): void {
    while (this.#held.length > most && this.#attempts.length > 1) {
      this.#sealFirst();
      this.#held = this.#held.filter(({ fact }) => fact.at >= this.#sealedUntil);
    }
    if (this.#held.length > most) this.#thin();
  }

  #sealFirst(): void {
    this.#before = this.#attempts[0]?.id ?? 0;
    this.#attempts = this.#attempts.slice(1);
    this.#sealedUntil = this.#attempts[0]?.start ?? 0;
  }

  /** What a machine repeats for hours is in the middle, and is counted on by the last fact before it. */
  #thin(): void {
    const dropped = this.#held.slice(first, -last);
    const times = dropped.reduce((sum, { fact }) => sum + fact.times, 0);
    const before = this.#held[first - 1] as Held;
    this.#held = [
      ...this.#held.slice(0, first - 1),
      { ...before, fact: { ...before.fact, times: before.fact.times + times } },
      ...this.#held.slice(-last),
    ];
  }
}
