import { machineKey, typeAt } from './answer-memory.ts';

/** Machines that are known at a time; when there are more, it begins anew. */
const most = 32_768;

/**
 * Who has asked what before, roughly: a bit for each of a machine's requests, by type and length. Only what comes again is worth
 * remembering: when all machines boot at once each asks for the first time, and to keep what they were answered would be an
 * eighth of what the answers cost.
 */
export class AskedBefore {
  /** By the machine's key. */
  #asked = new Map<number, number>();

  /** Whether such a request of this machine came before; from now on it did. Some that came for the first time are taken for another. */
  has(datagram: Uint8Array): boolean {
    const key = machineKey(datagram);
    const bit = 1 << (((datagram[typeAt] ?? 0) * 11 + datagram.length) & 31);
    const before = this.#asked.get(key) ?? 0;
    if ((before & bit) !== 0) return true;
    if (before === 0 && this.#asked.size >= most) this.#asked = new Map();
    this.#asked.set(key, before | bit);
    return false;
  }
}
