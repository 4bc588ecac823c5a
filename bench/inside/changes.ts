/**
 * Run inside a namespace: changes one machine after the other over gRPC, so many a second, each with a call of its own, whether
 * or not the calls before have been answered. Prints, as a line of JSON, when each call was due on the machine's monotonic
 * clock (not when it was made: a generator that falls behind makes the latencies worse, not better), in milliseconds, how
 * long the calls took until they were acknowledged, and the processor time it took itself.
 *
 *     changes.ts <changes> <a second>
 */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { readSettings } from '#shared/config.ts';
import { clientSettings } from '#shared/grpc/settings.ts';
import { connectHardware } from '#shared/hardware/client.ts';
import { changedRecord } from '../fanout-content.ts';
import { monotonic } from './monotonic.ts';

const [changes, perSecond] = process.argv.slice(2).map(Number) as [number, number];

const reads: Promise<unknown>[] = [];
using client = connectHardware(readSettings(clientSettings, { env: {}, args: [] }));
// The connection, and this program's own start, are no part of a change: first it reads, as often as it will write.
for (let read = 0; read < perSecond; read++) {
  reads.push(client.get({ name: `machine-${read}` }));
  await pause(1);
}
await Promise.all(reads);
const before = process.cpuUsage();
const begun = monotonic() + 50;
const dueAt = Array.from({ length: changes }, (_, at) => begun + (at * 1000) / perSecond);
const calls: Promise<number>[] = [];
for (const [at, due] of dueAt.entries()) {
  while (monotonic() < due) await pause(1);
  calls.push(change(at, due));
}
const acknowledgedAfter = await Promise.all(calls);
const { user, system } = process.cpuUsage(before);
writeSync(1, `${JSON.stringify({ dueAt, acknowledgedAfter, cpu: (user + system) / 1e6 })}\n`);

async function change(machine: number, due: number): Promise<number> {
  const record = changedRecord(machine, machine + 1);
  const { hardware, created } = await client.apply(record);
  if (created || hardware.name !== record.name) throw new Error(`${record.name} was answered wrongly`);
  return monotonic() - due;
}
