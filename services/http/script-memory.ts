import type { ToldEvent } from '#shared/events/repeated-events.ts';
import type { Machine, Machines } from '#shared/hardware/machine.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { Answer } from './handlers/answer.ts';

/** Scripts that are remembered at a time, one to two kilobytes each as a rule: of ten thousand machines that ask now by MAC, now by address. */
const remembered = 32_768;

/** And their bytes: a record's own script may be as long as it likes, and whoever asks may name any Host. */
const rememberedBytes = 64 * 1024 * 1024;

/** A script that can be sent again as it is. */
export interface RememberedScript {
  readonly answer: Omit<Answer, 'body'>;
  readonly body: Buffer;
  /** Whose it is. */
  readonly machine: Machine;
  /** Who asked, where it was found by that; undefined when it was found by a MAC in the URL: then it is the same for whoever asks. */
  readonly client: Ip4 | undefined;
  /** Undefined until it was told, and when nobody is told. */
  told?: ToldEvent | undefined;
  /** Who asked last. */
  askedFrom?: string;
}

/**
 * What known machines were sent. A script is decided from the record and from how it was asked for: who asks the same in the same way is sent
 * the same, as long as the record is the same object, and the only one that is meant. Machines ask the same each time they boot.
 */
export class ScriptMemory {
  readonly #machines: Pick<Machines, 'byMac' | 'byIp'>;
  readonly #entries = new Map<string, RememberedScript>();
  /** Of all bodies. */
  #bytes = 0;

  /** @param machines the records as they are */
  constructor(machines: Pick<Machines, 'byMac' | 'byIp'>) {
    this.#machines = machines;
  }

  /**
   * @param asked everything about the request that a decision looks at, but for
   * @param from who asks
   */
  find(asked: string, from: string): RememberedScript | undefined {
    const key = this.#entries.has(asked) ? asked : `${from} ${asked}`;
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#isCurrent(entry)) return entry;
    this.#entries.delete(key);
    this.#bytes -= entry.body.length;
    return undefined;
  }

  keep(asked: string, from: string, script: RememberedScript): void {
    const key = script.client === undefined ? asked : `${from} ${asked}`;
    const { length } = script.body;
    // Not one by one: when more ask in turn than there is room for, each would drive out the next.
    if (this.#entries.size >= remembered || this.#bytes + length > rememberedBytes) {
      this.#entries.clear();
      this.#bytes = 0;
    }
    this.#bytes += length - (this.#entries.get(key)?.body.length ?? 0);
    this.#entries.set(key, script);
  }

  #isCurrent({ machine, client }: RememberedScript): boolean {
    if (client === undefined) return this.#machines.byMac(machine.dhcp.mac) === machine;
    const [one, other] = this.#machines.byIp(client);
    return one === machine && other === undefined;
  }
}
