import { networkInterfaces } from 'node:os';

/** How soon a name that is not known may have the host's addresses read again, in milliseconds: strangers ask often. */
const readAgainAfter = 1000;

/**
 * The names that this host goes by: its addresses as they are now, and what was set. An interface may come late, and a DHCP
 * server may give it another address: they are read again when somebody asks by a name that is not known.
 */
export class OwnNames {
  readonly #set: ReadonlySet<string>;
  readonly #read: () => readonly string[];
  readonly #now: () => number;
  #addresses: ReadonlySet<string>;
  #readAt: number;

  /**
   * @param set in lower case
   * @param now milliseconds of a clock that never goes back
   */
  constructor(
    set: readonly string[],
    read: () => readonly string[] = hostAddresses,
    now: () => number = () => performance.now(),
  ) {
    this.#set = new Set(set);
    this.#read = read;
    this.#now = now;
    this.#addresses = new Set(read());
    this.#readAt = now();
  }

  /** @param name in lower case, IPv6 in brackets */
  has(name: string): boolean {
    if (this.#set.has(name) || this.#addresses.has(name)) return true;
    const now = this.#now();
    if (now - this.#readAt < readAgainAfter) return false;
    this.#readAt = now;
    this.#addresses = new Set(this.#read());
    return this.#addresses.has(name);
  }
}

/** IPv6 in brackets, as a Host header has it. */
function hostAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flat()
    .flatMap((one) => (one === undefined ? [] : [one.family === 'IPv6' ? `[${one.address}]` : one.address]));
}
