/**
 * Run inside a namespace: a replica of the hardware records as every service has one. Prints a line of JSON when it is in
 * sync, and one when it holds the last of so many changes (`fanout-content.ts`): when each was there, and a sum over all it
 * holds. Times are of the machine's monotonic clock, in milliseconds. It looks every `lookEvery` milliseconds, so that a
 * change counts as seen a little later than it was.
 *
 *     replica.ts <snapshot folder> <machines> <changes>
 */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { readSettings } from '#shared/config.ts';
import { startReplica } from '#shared/hardware/replica.ts';
import { replicaSettings } from '#shared/hardware/replica-settings.ts';
import { createLog } from '#shared/log.ts';
import { parseMac } from '#shared/mac.ts';
import { hasChange, sumOf } from '../fanout-content.ts';
import { macOfMachine } from '../records.ts';
import { monotonic } from './monotonic.ts';

const lookEvery = 5;

const [, , snapshotDir = '', machines = '', changes = ''] = process.argv;
const settings = readSettings(replicaSettings, { env: {}, args: ['--snapshot-dir', snapshotDir] });
const context = { settings, log: createLog('replica', 'warn'), metrics: new Registry() };
await using replica = await startReplica(context, 'bench');
const byMac = (mac: string) => replica.byMac(parseMac(mac) ?? never(mac));

while (!replica.connected) await pause(lookEvery);
say({ syncedAt: monotonic(), records: replica.size });

/** When each change was there, in order. */
const seenAt: number[] = [];
let revision = replica.revision;
while (seenAt.length < Number(changes)) {
  await pause(lookEvery);
  if (replica.revision === revision) continue;
  revision = replica.revision;
  const now = monotonic();
  while (hasChange(byMac(macOfMachine(seenAt.length)), seenAt.length + 1)) seenAt.push(now);
}
const { rss } = process.memoryUsage();
const { user, system } = process.cpuUsage();
say({ seenAt, rss: rss / 1e6, cpu: (user + system) / 1e6, sum: sumOf(byMac, Number(machines)) });

function say(what: object): void {
  writeSync(1, `${JSON.stringify(what)}\n`);
}

function never(mac: string): never {
  throw new Error(`${mac} is no MAC`);
}
