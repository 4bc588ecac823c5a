import type { Ip4 } from '../ip4.ts';
import type { Mac } from '../mac.ts';
import type { Machine } from './machine.ts';

/** The machines of one record, under the record's name. */
export interface MachineRecord {
  readonly name: string;
  readonly machines: readonly Machine[];
}

/** Changes of all indexes of this process, so that no two of them ever have the same version. */
let changes = 0;

/** Every machine in memory, found by record name, MAC and address. A record that changes takes its old keys with it. */
export class MachineIndex {
  readonly #records = new Map<string, MachineRecord>();
  readonly #byMac = new Map<Mac, Found>();
  readonly #byIp = new Map<Ip4, Found>();
  #version = ++changes;

  /** Another number after each change, and in each index: who has seen it needs not look again. */
  get version(): number {
    return this.#version;
  }

  /** How many records. */
  get size(): number {
    return this.#records.size;
  }

  records(): readonly MachineRecord[] {
    return [...this.#records.values()];
  }

  put(record: MachineRecord): void {
    this.delete(record.name);
    this.#version = ++changes;
    this.#records.set(record.name, record);
    for (const machine of record.machines) {
      add(this.#byMac, machine.dhcp.mac, machine);
      if (machine.dhcp.address !== undefined) add(this.#byIp, machine.dhcp.address, machine);
    }
  }

  delete(name: string): void {
    const old = this.#records.get(name);
    if (old === undefined) return;
    this.#version = ++changes;
    this.#records.delete(name);
    for (const machine of old.machines) {
      remove(this.#byMac, machine.dhcp.mac, machine);
      if (machine.dhcp.address !== undefined) remove(this.#byIp, machine.dhcp.address, machine);
    }
  }

  /** Stores keep MACs unique; should two records share one, every replica answers from the same: the first by name. */
  byMac(mac: Mac): Machine | undefined {
    const found = this.#byMac.get(mac);
    return found === undefined || 'dhcp' in found ? found : found[0];
  }

  byIp(address: Ip4): readonly Machine[] {
    return all(this.#byIp.get(address));
  }
}

/** What a key finds. Nearly always it is one machine: a list around each would be a tenth of what a record takes. */
type Found = Machine | readonly Machine[];

const none: readonly Machine[] = [];

function all(found: Found | undefined): readonly Machine[] {
  if (found === undefined) return none;
  return 'dhcp' in found ? [found] : found;
}

function add<K>(index: Map<K, Found>, key: K, machine: Machine): void {
  const others = index.get(key);
  index.set(key, others === undefined ? machine : [...all(others), machine].sort(byName));
}

function remove<K>(index: Map<K, Found>, key: K, machine: Machine): void {
  const left = all(index.get(key)).filter((other) => other !== machine);
  const [one, another] = left;
  if (one === undefined) index.delete(key);
  else index.set(key, another === undefined ? one : left);
}

/** By code unit, not by locale: the same order on every host. */
function byName(a: Machine, b: Machine): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
