import { readU32 } from '#shared/bytes.ts';
import type { ToldEvent } from '#shared/events/repeated-events.ts';
import type { Machine, Machines } from '#shared/hardware/machine.ts';
import type { DatagramInfo, Outgoing } from '#shared/udp/engine.ts';
import type { Tally } from './metrics.ts';
import type { RepeatedLine } from './repeated-line.ts';
import { at } from './wire/packet.ts';

/** Different requests of one machine, and of those whose MACs end alike: its ROM's, iPXE's and its system's, two of each. */
const perMachine = 6;

/**
 * Requests that are remembered at a time, about 3 kB each with the answer, its line and its event. When it was full for so many
 * milliseconds, all are forgotten.
 */
const remembered = 32_768;
const fullFor = 60_000;

/** Bytes of the longest request that is kept: firmware sends 300 to 550. */
const longest = 576;

/** The value of option 53 when it comes first. */
const typeAt = at.options + 2;

/** An answer that can be given again as it is, but for the xid. */
export interface Remembered {
  readonly outgoing: Outgoing;
  readonly tally: Tally;
  readonly line: RepeatedLine;
  /** Undefined when nobody is told. */
  readonly told?: ToldEvent | undefined;
}

interface Entry extends Remembered {
  readonly machine: Machine;
  /** Of the records, when the machine's was looked at last. */
  version: number | undefined;
  readonly request: Buffer;
  /** The byte of `request` in which one machine's requests differ, to tell them apart without a look at their bytes. */
  readonly type: number | undefined;
  /** One object for all that came the same way. */
  readonly way: DatagramInfo;
}

/**
 * What known machines were answered. A decision is pure, so a request that differs from an earlier one of its machine in nothing
 * but xid and secs, which no decision looks at, and that came the same way, has the same answer as long as the record is the
 * same object and the host is as it was. Machines do ask the same again and again: when nobody answers in time, when
 * they renew, and each time that they boot.
 */
export class AnswerMemory {
  readonly #now: () => number;
  readonly #machines: Pick<Machines, 'byMac' | 'version'>;
  /** By the last four bytes of the MAC: to make its text, only to look it up, costs more than all the rest. */
  #entries = new Map<number, Entry[]>();
  #size = 0;
  #fullSince: number | undefined;
  #way: DatagramInfo = { sourceAddress: 0, sourcePort: 0, ifindex: 0, localAddress: 0 };
  #circumstances: readonly unknown[] = [];

  /**
   * @param now milliseconds of a clock that never goes back
   * @param machines the records as they are; an answer given under another record is forgotten
   */
  constructor(now: () => number, machines: Pick<Machines, 'byMac' | 'version'>) {
    this.#now = now;
    this.#machines = machines;
  }

  /** To be told, before each look, what else a decision depends on: when one of them is another value, all is forgotten. */
  under(...circumstances: readonly unknown[]): this {
    for (let one = 0; one < circumstances.length; one++) {
      if (circumstances[one] === this.#circumstances[one]) continue;
      this.#circumstances = circumstances;
      this.#forget();
      break;
    }
    return this;
  }

  /** What the same request was answered with. Its xid is the new one; the bytes are good until the next look. */
  find(datagram: Uint8Array, info: DatagramInfo): Remembered | undefined {
    const known = this.#entries.get(keyOf(datagram));
    if (known === undefined) return undefined;
    for (const entry of known) {
      if (entry.type !== datagram[typeAt] || !cameAs(entry.way, info) || !isSame(entry.request, datagram))
        continue;
      if (!this.#isCurrent(entry)) {
        known.splice(known.indexOf(entry), 1);
        if (known.length === 0) this.#entries.delete(keyOf(datagram));
        this.#size--;
        return undefined;
      }
      for (let byte: number = at.xid; byte < at.secs; byte++)
        entry.outgoing.bytes[byte] = datagram[byte] ?? 0;
      return entry;
    }
    return undefined;
  }

  /** Whether the machine's record is the one that it was. In a storm no record changes, and to look each up is much of the work. */
  #isCurrent(entry: Entry): boolean {
    const { version } = this.#machines;
    if (version !== undefined && entry.version === version) return true;
    entry.version = version;
    return this.#machines.byMac(entry.machine.dhcp.mac) === entry.machine;
  }

  /** @param answered makes what is kept: when more machines ask than there is room for, that would be every packet's cost */
  keep(machine: Machine, datagram: Uint8Array, info: DatagramInfo, answered: () => Remembered): void {
    if (this.#size >= remembered && !this.#mayForget()) return;
    if (datagram.length > longest) return;
    // Storage of its own: what is cut from a larger block would keep all of the block.
    const made = answered();
    const { outgoing } = made;
    const both = Buffer.allocUnsafeSlow(datagram.length + outgoing.bytes.length);
    both.set(datagram);
    both.set(outgoing.bytes, datagram.length);
    const request = both.subarray(0, datagram.length);
    const key = keyOf(datagram);
    const known = this.#entries.get(key) ?? [];
    this.#entries.set(key, known);
    if (known.length < perMachine) this.#size++;
    else known.shift();
    if (!cameAs(this.#way, info)) this.#way = { ...info };
    known.push({
      ...made,
      machine,
      version: this.#machines.version,
      outgoing: { ...outgoing, bytes: both.subarray(datagram.length) },
      request,
      type: request[typeAt],
      way: this.#way,
    });
  }

  /** Not at once: when more machines ask in turn than there is room for, each would drive out the next. */
  #mayForget(): boolean {
    this.#fullSince ??= this.#now();
    if (this.#now() - this.#fullSince < fullFor) return false;
    this.#forget();
    return true;
  }

  #forget(): void {
    this.#entries = new Map();
    this.#size = 0;
    this.#fullSince = undefined;
  }
}

/** A small integer, which a map finds fastest. */
function keyOf(datagram: Uint8Array): number {
  return readU32(datagram, at.chaddr + 2) | 0;
}

/** The same but for xid and secs. */
function isSame(one: Buffer, other: Uint8Array): boolean {
  const { length } = one;
  const isSameHead = length === other.length && readU32(one, 0) === readU32(other, 0);
  return isSameHead && one.compare(other, at.flags, length, at.flags, length) === 0;
}

function cameAs(one: DatagramInfo, other: DatagramInfo): boolean {
  return (
    one.sourceAddress === other.sourceAddress &&
    one.sourcePort === other.sourcePort &&
    one.ifindex === other.ifindex &&
    one.localAddress === other.localAddress
  );
}
