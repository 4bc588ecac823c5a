import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { parseMac } from '#shared/mac.ts';
import { sumOf, sumOfDatabase, verifySums } from '../../bench/fanout-content.ts';
import { seedDatabase } from '../../bench/records.ts';
import { testHardware } from '../support/hardware-server.ts';
import { quickReplica, replicaSettingsFor } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const machines = 600;

/** The sum over a replica of that database, and the sum over the database. */
async function sumsOf(database: string, folder: string) {
  await using service = await testHardware(['--sqlite-path', database]);
  const { replica } = await quickReplica(
    replicaSettingsFor(service.running.address, join(folder, 'snapshots')),
  );
  await using _ = replica;
  await until('the replica is in sync', () => replica.connected);
  return [
    sumOf((mac) => replica.byMac(parseMac(mac)!), machines),
    sumOfDatabase(database, machines),
  ] as const;
}

describe('bench/fanout-content.ts', () => {
  it('finds a replica equal to its database, and says so when one byte of one record is another', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'seeded.db');
    seedDatabase(path, machines);
    const [replica, database] = await sumsOf(path, folder.path);
    verifySums([replica, replica], database);

    const changed = new DatabaseSync(path);
    const where = "name = 'machine-577'";
    const record = Buffer.from(
      changed.prepare(`SELECT record FROM hardware WHERE ${where}`).get()?.record as Uint8Array,
    );
    record[record.indexOf('worker=577') + 9] = 0x38;
    changed.prepare(`UPDATE hardware SET record = ? WHERE ${where}`).run(record);
    changed.close();
    const wrong = sumOfDatabase(path, machines);
    expect(() => verifySums([replica], wrong)).to.throw('replica 1 of 1 holds other records');
    expect(() => verifySums([wrong, replica], wrong)).to.throw('replica 2 of 2');
  });
});
