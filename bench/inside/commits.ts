/**
 * Changes so many machines in a database past the service: one after the other, each when the one before is durable, and the
 * same all at once. Prints how long each took in milliseconds, and how long all of them together, as a line of JSON.
 *
 *     commits.ts <database> <changes>
 */
import { writeSync } from 'node:fs';
import { HardwareService } from '#shared/hardware/contract.ts';
import { openSqlite } from '../../services/hardware/store/sqlite.ts';
import { changedRecord } from '../fanout-content.ts';

const { requestSerialize, requestDeserialize } = HardwareService.service.ApplyHardware;
const [, , database = '', changes = ''] = process.argv;

using store = openSqlite(database);
const write = async (machine: number, change: number) => {
  const begun = performance.now();
  const { hardware } = requestDeserialize(requestSerialize({ hardware: changedRecord(machine, change) }));
  if (hardware === undefined) throw new Error('a record was lost on its way');
  const written = await store.writer?.apply(hardware);
  if (written?.outcome !== 'updated') throw new Error(`machine ${machine} was ${written?.outcome}`);
  return performance.now() - begun;
};

const each: number[] = [];
for (let machine = 0; machine < Number(changes); machine++) each.push(await write(machine, 1_000_000));
const begun = performance.now();
await Promise.all(Array.from({ length: Number(changes) }, (_, machine) => write(machine, 2_000_000)));
writeSync(1, `${JSON.stringify({ each, together: performance.now() - begun })}\n`);
