import { readU32, toText, writeU32 } from '#shared/bytes.ts';
import { addressOfMachine } from '../records.ts';
import { ACK, at, type DhcpMachines, magicCookie, OFFER, writeMac } from './dhcp-machines.ts';

/** Whether an answer is what it must be. Its xid has been looked at already: by it the exchange was found. */
export interface Judge {
  /** @param type what is waited for: OFFER or ACK */
  isRight(answer: Uint8Array, machine: number, type: number): boolean;
}

/** Options that say who it is: each machine has another one. */
const hostName = 12;

/** What stands in the very first OFFER and ACK is looked at by its meaning; the others are compared with them. */
interface Expected {
  readonly server: number;
  readonly relay: number;
  /** Options whose values are the server's dice: dnsmasq has T1 and T2 (58, 59) vary. Elsewhere there is none. */
  readonly varying: readonly number[];
}

/**
 * Looks at every byte of every answer. A machine's first OFFER and ACK must be those of the first machine of all, with its own
 * address, MAC and name in them, and well-formed to the last byte; whatever it is answered later must be the same again.
 */
export class DhcpAnswers implements Judge {
  readonly #expected: Expected;
  /** By twice the machine's number, and one more for the ACK. */
  readonly #kept: (Buffer | undefined)[] = [];
  readonly #first = new Map<number, Uint8Array>();

  constructor(expected: Expected) {
    this.#expected = expected;
  }

  isRight(answer: Uint8Array, machine: number, type: number): boolean {
    const key = machine * 2 + (type === ACK ? 1 : 0);
    const kept = this.#kept[key];
    if (kept !== undefined && isSame(kept, answer)) return true;
    const options = optionsOf(answer);
    if (options === undefined) return false;
    const first = this.#first.get(type);
    const isRight =
      first === undefined
        ? this.#isSound(answer, options, machine, type)
        : this.#isLike(first, answer, options, machine);
    if (!isRight) return false;
    if (first === undefined) this.#first.set(type, answer.slice());
    this.#kept[key] = Buffer.from(answer);
    return true;
  }

  #isSound(
    answer: Uint8Array,
    options: ReadonlyMap<number, Uint8Array>,
    machine: number,
    type: number,
  ): boolean {
    const { server, relay } = this.#expected;
    const number = (code: number) => numberOf(options.get(code));
    const mac = new Uint8Array(at.chaddr + 6);
    writeMac(mac, machine);
    return (
      readU32(answer, 0) >>> 8 === 0x02_01_06 &&
      readU32(answer, at.yiaddr) === addressOfMachine(machine) &&
      readU32(answer, at.giaddr) === relay &&
      Buffer.compare(answer.subarray(at.chaddr, at.chaddr + 6), mac.subarray(at.chaddr)) === 0 &&
      readU32(answer, at.cookie) === magicCookie &&
      number(53) === type &&
      number(54) === server &&
      number(3) === server &&
      (number(1) ?? 0) >= 0xff00_0000 &&
      (number(51) ?? 0) > 0 &&
      isNameOf(machine, options.get(hostName))
    );
  }

  #isLike(
    first: Uint8Array,
    answer: Uint8Array,
    options: ReadonlyMap<number, Uint8Array>,
    machine: number,
  ): boolean {
    const head = first.slice(0, at.options);
    head.set(answer.subarray(at.xid, at.xid + 4), at.xid);
    writeU32(head, at.yiaddr, addressOfMachine(machine));
    writeMac(head, machine);
    if (Buffer.compare(head, answer.subarray(0, at.options)) !== 0) return false;
    const wanted = [...(optionsOf(first) ?? [])];
    const given = [...options];
    return (
      wanted.length === given.length &&
      wanted.every(([code, value], index) => {
        const [itsCode, itsValue = new Uint8Array()] = given[index] ?? [];
        if (itsCode !== code) return false;
        if (code === hostName) return isNameOf(machine, itsValue);
        if (this.#expected.varying.includes(code)) return itsValue.length === value.length;
        return Buffer.compare(value, itsValue) === 0;
      })
    );
  }
}

/** For a server that sends back what it is sent: op 2 instead of 1, zeros at the end, and nothing else is another. */
export class Echoes implements Judge {
  readonly #machines: DhcpMachines;

  constructor(machines: DhcpMachines) {
    this.#machines = machines;
  }

  isRight(answer: Uint8Array, machine: number, type: number): boolean {
    const xid = readU32(answer, at.xid);
    const { bytes } =
      type === OFFER ? this.#machines.discover(machine, xid) : this.#machines.request(machine, xid);
    const { length } = bytes;
    return (
      answer[0] === 2 &&
      Buffer.compare(answer.subarray(1, length), bytes.subarray(1)) === 0 &&
      isZero(answer, length)
    );
  }
}

/** The same but for xid. */
function isSame(kept: Buffer, answer: Uint8Array): boolean {
  const { length } = kept;
  return (
    length === answer.length &&
    readU32(kept, 0) === readU32(answer, 0) &&
    kept.compare(answer, at.xid + 4, length, at.xid + 4, length) === 0
  );
}

/** In their order; undefined when they are not well-formed, or anything but zeros follows their end. */
function optionsOf(answer: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const options = new Map<number, Uint8Array>();
  let offset: number = at.options;
  while (offset < answer.length) {
    const code = answer[offset] ?? 0;
    if (code === 255) return isZero(answer, offset + 1) ? options : undefined;
    const start = offset + 2;
    const end = start + (answer[offset + 1] ?? 0);
    if (code === 0 || end > answer.length || options.has(code)) return undefined;
    options.set(code, answer.subarray(start, end));
    offset = end;
  }
  return undefined;
}

function isZero(bytes: Uint8Array, from: number): boolean {
  for (let offset = from; offset < bytes.length; offset++) if (bytes[offset] !== 0) return false;
  return true;
}

/** Of one byte or four. */
function numberOf(value: Uint8Array | undefined): number | undefined {
  if (value?.length === 1) return value[0];
  return value?.length === 4 ? readU32(value, 0) : undefined;
}

/** A server may leave the name out. */
function isNameOf(machine: number, value: Uint8Array | undefined): boolean {
  return value === undefined || toText(value) === `machine-${machine}`;
}
