import { networkInterfaces } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { formatIp4, type Ip4, parseIp4 } from '#shared/ip4.ts';
import { devices } from '#shared/udp/devices.ts';

/** What a reply needs to know about the interface that it leaves by. */
export interface Interface {
  readonly name: string;
  /** Bytes. */
  readonly mtu: number;
}

/** The host's interfaces now. */
export interface Host {
  readonly byIndex: ReadonlyMap<number, Interface>;
  readonly addresses: ReadonlyMap<string, readonly Ip4[]>;
}

/** Ethernet's; for an interface that the kernel does not describe. */
const usualMtu = 1500;

/** Milliseconds for which the facts are taken as they were, and how soon an unknown index may have them read again. */
const freshFor = 5000;
const retryAfter = 500;

/**
 * Interfaces by the kernel's index, and our own addresses, as they were a few seconds ago at most. Reading them takes well
 * under a millisecond; it is done when somebody asks, so nothing runs while nobody does.
 */
export class Interfaces {
  readonly #read: () => Host;
  readonly #now: () => number;
  #host: Host;
  #ours: ReadonlySet<Ip4>;
  #readAt: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number, read: () => Host = readHost) {
    this.#now = now;
    this.#read = read;
    this.#host = read();
    this.#ours = addressesOf(this.#host);
    this.#readAt = now();
  }

  /** The facts themselves: the same object for as long as nothing has changed. @param now by the same clock */
  hostAt(now: number): Host {
    this.#refresh(freshFor, now);
    return this.#host;
  }

  byIndex(index: number): Interface {
    this.#refresh(freshFor);
    if (!this.#host.byIndex.has(index)) this.#refresh(retryAfter);
    return this.#host.byIndex.get(index) ?? { name: `#${index}`, mtu: usualMtu };
  }

  isOurs(address: Ip4): boolean {
    this.#refresh(freshFor);
    return this.#ours.has(address);
  }

  /** The first IPv4 address of an interface. */
  addressOf(name: string): Ip4 | undefined {
    this.#refresh(freshFor);
    return this.#host.addresses.get(name)?.[0];
  }

  /** For who is told what decisions depend on. */
  facts(): Readonly<Record<string, string>> {
    this.#refresh(freshFor);
    const all = Array.from(this.#host.addresses, ([name, addresses]) =>
      addresses.map((one) => `${name}=${formatIp4(one)}`),
    );
    return { interfaces: all.flat().join(',') };
  }

  #refresh(age: number, now = this.#now()): void {
    if (now - this.#readAt < age) return;
    this.#readAt = now;
    const host = this.#read();
    if (isDeepStrictEqual(host, this.#host)) return;
    this.#host = host;
    this.#ours = addressesOf(host);
  }
}

function addressesOf(host: Host): ReadonlySet<Ip4> {
  return new Set([...host.addresses.values()].flat());
}

function readHost(): Host {
  const byIndex = new Map(devices().map(({ index, name, mtu }) => [index, { name, mtu }]));
  const addresses = new Map<string, readonly Ip4[]>();
  for (const [name, all = []] of Object.entries(networkInterfaces())) {
    addresses.set(
      name,
      all.flatMap(({ address }) => parseIp4(address) ?? []),
    );
  }
  return { byIndex, addresses };
}
