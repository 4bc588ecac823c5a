import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import { toMachines } from '#shared/hardware/convert.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { parseMac } from '#shared/mac.ts';
import { decodeHardware } from '../services/hardware/store/codec.ts';
import { macOfMachine, recordOfMachine } from './records.ts';

/** The record of a machine after it was changed: its last kernel argument says by which change. */
export function changedRecord(machine: number, change: number): HardwareInput {
  const { interfaces: [one] = [], ...record } = recordOfMachine(machine);
  const osie = { kernelParams: ['console=ttyS0', `change=${change}`] };
  return { ...record, interfaces: [{ ...one, netboot: { ...one?.netboot, osie } }] };
}

/** Whether a machine has that change. */
export function hasChange(machine: Machine | undefined, change: number): boolean {
  return machine?.netboot.osie.kernelParams.at(-1) === `change=${change}`;
}

/** A sum over every field of the first so many machines, revisions included: equal sums are equal contents. */
export function sumOf(byMac: (mac: string) => Machine | undefined, machines: number): string {
  const sum = createHash('sha256');
  for (let machine = 0; machine < machines; machine++)
    sum.update(JSON.stringify(byMac(macOfMachine(machine)) ?? 'none'));
  return sum.digest('hex');
}

/** The same sum over what the database holds, read by protobufjs and not as a replica reads. */
export function sumOfDatabase(path: string, machines: number): string {
  using database = new DatabaseSync(path, { readOnly: true });
  const find = database.prepare(
    "SELECT record FROM claim JOIN hardware USING (name) WHERE field = 'mac' AND value = ?",
  );
  const byMac = (mac: string) => {
    const found = find.get(mac)?.record;
    if (!(found instanceof Uint8Array)) return undefined;
    return toMachines(decodeHardware(found)).machines.find(({ dhcp }) => dhcp.mac === parseMac(mac));
  };
  return sumOf(byMac, machines);
}

/** Fails unless every replica holds what the database does. */
export function verifySums(sums: readonly string[], expected: string): void {
  const wrong = sums.findIndex((sum) => sum !== expected);
  if (wrong >= 0)
    throw new Error(`replica ${wrong + 1} of ${sums.length} holds other records than the database`);
}
