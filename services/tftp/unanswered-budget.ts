import type { Ip4 } from '#shared/ip4.ts';

/** Bytes to an address that does not answer: so many at once, and so many per second from then on. */
const atOnce = 256 * 1024;
const perSecond = 16 * 1024;

/** Addresses remembered at a time; the one that was heard of first is forgotten first. */
const remembered = 4096;

interface Account {
  left: number;
  at: number;
}

/**
 * What an address may be sent before anything has come back from it. A request's address may be forged, and then somebody else
 * gets our first packets: however many requests are made in its name, this is all. Memory is bounded, too.
 */
export class UnansweredBudget {
  readonly #accounts = new Map<Ip4, Account>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether so many bytes may go to the address; they are counted when they may. */
  spend(address: Ip4, bytes: number): boolean {
    const now = this.#now();
    const account = this.#accounts.get(address) ?? this.#open(address, now);
    account.left = Math.min(atOnce, account.left + ((now - account.at) / 1000) * perSecond);
    account.at = now;
    if (account.left < bytes) return false;
    account.left -= bytes;
    return true;
  }

  /** The address has answered: somebody is there who wants what we send. */
  answered(address: Ip4): void {
    this.#accounts.delete(address);
  }

  #open(address: Ip4, now: number): Account {
    const [oldest] = this.#accounts.keys();
    if (this.#accounts.size >= remembered && oldest !== undefined) this.#accounts.delete(oldest);
    const account = { left: atOnce, at: now };
    this.#accounts.set(address, account);
    return account;
  }
}
