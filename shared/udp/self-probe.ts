import { randomFillSync } from 'node:crypto';
import { equal } from '../bytes.ts';
import { anyAddress, type Ip4 } from '../ip4.ts';
import type { Outgoing } from './engine.ts';

/** 127.0.0.1 */
const thisHost: Ip4 = 0x7f00_0001;

/** 224.0.0.1, all hosts (RFC 1112 §4): every interface hears it without having asked to. */
const allHosts: Ip4 = 0xe000_0001;

/** As many as nobody guesses. */
const probeBytes = 16;

/** Misses in a row that say something: after a pause of the whole process the first one only says that it was away. */
const tellingMisses = 2;

interface Bound {
  readonly address: Ip4;
  readonly port: number;
  readonly device: string | undefined;
}

/**
 * Where a datagram must go that a socket sends itself. What is bound to a device hears nothing that comes by loopback, but it
 * hears what it says itself to all hosts of that device; with a TTL of 0 nobody else does. Undefined: there is no such way.
 */
function wayBack({ address, device }: Bound): Ip4 | undefined {
  const byLoopback = address === anyAddress ? thisHost : address;
  if (device === undefined || device === 'lo') return byLoopback;
  return address === anyAddress ? allHosts : undefined;
}

/** Whether a socket hears: it sends itself what nobody can guess, and looks whether that, or anything else, comes in. */
export class SelfProbe {
  readonly #to: { readonly address: Ip4; readonly port: number } | undefined;
  readonly #bytes = new Uint8Array(probeBytes);
  #isUnderWay = false;
  #misses = 0;
  #receivedBefore = 0;

  constructor(bound: Bound) {
    const address = wayBack(bound);
    this.#to = address === undefined ? undefined : { address, port: bound.port };
  }

  /** Whether a datagram is the one that is under way: nobody else's business. */
  take(datagram: Uint8Array): boolean {
    if (!this.#isUnderWay || datagram.length !== probeBytes || !equal(datagram, this.#bytes)) return false;
    this.#isUnderWay = false;
    return true;
  }

  /**
   * The next one to send, if it can be sent at all.
   * @param received so far, by the socket, of others
   */
  next(received: number): Outgoing | undefined {
    const missed = this.#isUnderWay && received === this.#receivedBefore;
    this.#misses = missed ? this.#misses + 1 : 0;
    this.#receivedBefore = received;
    if (this.#to === undefined) return undefined;
    randomFillSync(this.#bytes);
    this.#isUnderWay = true;
    return { bytes: this.#bytes, ...this.#to };
  }

  get isDeaf(): boolean {
    return this.#misses >= tellingMisses;
  }
}
