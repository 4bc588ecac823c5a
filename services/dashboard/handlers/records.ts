import { z } from 'zod';
import type { HardwareClient } from '#shared/hardware/client.ts';
import type { Hardware } from '#shared/hardware/contract.ts';
import { writeTinkerbell } from '#shared/hardware/tinkerbell-write.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { createdRecord, editedRecord, fieldsOf } from '../decide/edit.ts';
import { redact } from '../decide/redact.ts';
import { type Neighbour, suggest } from '../decide/suggest.ts';
import { RequestRefused } from '../refusal.ts';
import type { NewRecord, RecordView } from '../wire/api.ts';
import { read } from './read.ts';

const recordQuery = z.object({ machine: z.string().min(1).max(255) });

/** A machine's record. @param trusted whether the caller has shown the token, and so sees what is secret */
export async function readRecord(
  hardware: HardwareClient,
  query: unknown,
  trusted: boolean,
): Promise<RecordView> {
  const { machine } = read(recordQuery, query);
  const record = await hardware.get(keyOf(machine));
  if (record === undefined) throw new RequestRefused(404, 'not-found', 'This machine has no record.');
  return viewOf(record, trusted);
}

const suggestQuery = z.object({ mac: z.string().max(40) });

/** Records that are looked at for that: the first of all, one page of the hardware service's. */
const neighboursLookedAt = 500;

/** What a record for a machine without one might be; it is not stored. */
export async function suggestRecord(hardware: HardwareClient, query: unknown): Promise<NewRecord> {
  const mac = macOf(read(suggestQuery, query).mac);
  const neighbours: Neighbour[] = [];
  let looked = 0;
  for await (const { name = '', interfaces } of hardware.list()) {
    for (const { dhcp } of interfaces)
      neighbours.push({
        name,
        address: dhcp?.ip?.address ?? '',
        netmask: dhcp?.ip?.netmask ?? '',
        gateway: dhcp?.ip?.gateway ?? '',
      });
    if (++looked === neighboursLookedAt) break;
  }
  const thinking = suggest(mac, neighbours);
  let next = thinking.next();
  while (!next.done) next = thinking.next((await hardware.get(next.value)) !== undefined);
  return next.value;
}

const line = z.string().max(255);
const newRecord = z.object({
  name: line.min(1),
  mac: line,
  fields: z.object({
    address: line,
    netmask: line,
    gateway: line,
    hostname: line,
    arch: line,
    allowPxe: z.boolean(),
    disableDhcp: z.boolean(),
  }),
});

/** Stores a record of a name that is free; who has the MAC or the address already, the hardware service says. */
export async function createRecord(hardware: HardwareClient, body: unknown): Promise<RecordView> {
  const wanted = read(newRecord, body);
  if ((await hardware.get({ name: wanted.name })) !== undefined)
    throw new RequestRefused(
      409,
      'already-exists',
      `There is a record named ${JSON.stringify(wanted.name)} already.`,
    );
  const applied = await hardware.apply(createdRecord({ ...wanted, mac: macOf(wanted.mac) }));
  return viewOf(applied.hardware, true);
}

const recordEdit = newRecord.extend({ revision: z.number().int().min(1) });

/** Changes the fields of one interface; refused when the record is no longer the one that was seen. */
export async function editRecord(hardware: HardwareClient, body: unknown): Promise<RecordView> {
  const { name, mac, revision, fields } = read(recordEdit, body);
  const record = await hardware.get({ name });
  if (record === undefined) throw new RequestRefused(404, 'not-found', 'This record is no longer there.');
  const edited = editedRecord(record, macOf(mac), fields);
  if (edited === undefined)
    throw new RequestRefused(409, 'aborted', 'The record has no such interface any more; read it again.');
  return viewOf((await hardware.apply({ ...edited, revision })).hardware, true);
}

function viewOf(record: Hardware, trusted: boolean): RecordView {
  const { record: shown, hidden } = trusted ? { record, hidden: [] } : redact(record);
  return {
    name: record.name ?? '',
    revision: record.revision ?? 0,
    yaml: writeTinkerbell([shown]),
    hidden,
    interfaces: record.interfaces.map((one) => ({ mac: one.dhcp?.mac ?? '', fields: fieldsOf(one) })),
  };
}

function keyOf(machine: string): Parameters<HardwareClient['get']>[0] {
  const mac = parseMac(machine);
  if (mac !== undefined) return { mac };
  return parseIp4(machine) === undefined ? { name: machine } : { ip: machine };
}

function macOf(text: string) {
  const mac = parseMac(text);
  if (mac === undefined) throw new RequestRefused(400, 'bad-request', 'Not a MAC address.');
  return mac;
}
