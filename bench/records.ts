import { DatabaseSync } from 'node:sqlite';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import { encodeHardware } from '../services/hardware/store/codec.ts';
import { openSqlite } from '../services/hardware/store/sqlite.ts';

/** Machines and their addresses, the same for every server: perfdhcp's MACs count up from this one. */
export const firstMac = 0x00_0c_01_02_03_04;

/** 10.77.16.0: the first 60 000 lie in 10.77.0.0/16, and all in 10.0.0.0/8. */
const firstAddress: Ip4 = 0x0a4d_1000;

export function macOfMachine(machine: number): string {
  return (firstMac + machine)
    .toString(16)
    .padStart(12, '0')
    .replace(/(..)(?=.)/g, '$1:');
}

export function addressOfMachine(machine: number): Ip4 {
  return firstAddress + machine;
}

/** A record as a provisioner has it: name, address, gateway, resolver, and a kernel of its own to boot. */
export function recordOfMachine(machine: number, address: Ip4 = addressOfMachine(machine)): HardwareInput {
  const name = `machine-${machine}`;
  const ip = { address: formatIp4(address), netmask: '255.0.0.0', gateway: '10.77.0.1' };
  const dhcp = { mac: macOfMachine(machine), hostname: name, arch: 'x86_64', nameServers: ['10.77.0.1'], ip };
  const osie = { kernelParams: [`console=ttyS0`, `worker=${machine}`] };
  return { name, interfaces: [{ dhcp, netboot: { allowPxe: true, allowWorkflow: true, osie } }] };
}

/**
 * Fills a new database with so many records. Past the API, which makes each of 100 000 durable by itself and takes a minute
 * for that: here it is one transaction on the tables of store/schema.ts.
 */
export function seedDatabase(path: string, machines: number): void {
  openSqlite(path)[Symbol.dispose]();
  const database = new DatabaseSync(path);
  const put = database.prepare('INSERT INTO hardware (name, revision, record) VALUES (?, ?, ?)');
  const claim = database.prepare('INSERT INTO claim (field, value, name) VALUES (?, ?, ?)');
  database.exec('BEGIN');
  for (let machine = 0; machine < machines; machine++) {
    const record = recordOfMachine(machine);
    const name = record.name ?? '';
    put.run(name, machine + 1, encodeHardware({ ...record, revision: machine + 1 }));
    claim.run('mac', macOfMachine(machine), name);
    claim.run('ip', formatIp4(addressOfMachine(machine)), name);
  }
  database.prepare('UPDATE store SET revision = ?').run(machines);
  database.exec('COMMIT');
  database.close();
}
