import { type Attempt, attemptsOf } from '../decide/boots/attempts.ts';
import { compareFacts, type Fact } from '../decide/boots/fact.ts';
import { silence } from '../decide/boots/patience.ts';

/** A fact, and the boot that it was last counted to: undefined while it is new, 0 when it is in none. */
interface Held {
  readonly fact: Fact;
  boot: number | undefined;
}

/** A boot of the machine, by the id under which it is kept. */
export interface KnownAttempt extends Attempt {
  readonly id: number;
}

/** @property since by our clock, when it was first seen that it had begun */
type Begun = Pick<KnownAttempt, 'id' | 'start'> & { readonly since: number };

interface Settled {
  readonly attempts: readonly KnownAttempt[];
  /** Ids of boots that turned out to be part of another. */
  readonly gone: readonly number[];
  /** Events that are kept already belong to another boot than they did. */
  readonly moved: boolean;
}

/** Facts of one machine that are held at most; and how many of the first and of the last stay when there are more. */
const most = 400;
const first = 100;
const last = 200;

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
    this.#attempts = [{ id, start, since: now }];
    this.#held = facts.map((fact) => ({ fact, boot: id })).toSorted((a, b) => compareFacts(a.fact, b.fact));
  }

  add(fact: Fact): void {
    if (fact.at < this.#sealedUntil) return;
    let at = this.#held.length;
    while (at > 0 && compareFacts((this.#held[at - 1] as Held).fact, fact) > 0) at--;
    this.#held.splice(at, 0, { fact, boot: undefined });
    if (this.#held.length > most) this.#thin();
  }

  /** The boot that something at a time belongs to, as settled; 0 for none. */
  bootAt(at: number): number {
    return this.#attempts.findLast(({ start }) => start <= at)?.id ?? this.#before;
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
      return { id: same.id, start, since: same.since };
    });
    return { attempts, gone: old.map(({ id }) => id), moved: this.#assign() };
  }

  /** Forgets the facts of boots after which another has begun, and been known, for long: what comes later still is too late. */
  seal(now: number): void {
    while (this.#attempts.length > 1 && (this.#attempts[1]?.since ?? now) < now - silence) {
      this.#before = this.#attempts[0]?.id ?? 0;
      this.#attempts = this.#attempts.slice(1);
      const start = this.#attempts[0]?.start ?? 0;
      this.#sealedUntil = start;
      this.#held = this.#held.filter(({ fact }) => fact.at >= start);
    }
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
