import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSqlite } from '../../services/hardware/store/sqlite.ts';
import { spawnHardware } from '../support/hardware-process.ts';
import { record, TestClient } from '../support/hardware-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('services/hardware/main.ts', () => {
  it('loses no acknowledged write when it is killed under load', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    const { child, port } = await spawnHardware(path);
    const acknowledged: string[] = [];
    {
      using client = new TestClient(port);
      const exited = once(child, 'exit');
      const write = async (lane: number) => {
        for (let at = 0; child.exitCode === null && child.signalCode === null; at++) {
          const name = `n${lane}-${at}`;
          await client.create(record(name, lane * 5000 + at));
          acknowledged.push(name);
          if (acknowledged.length === 200) child.kill('SIGKILL');
        }
      };
      await Promise.allSettled(Array.from({ length: 8 }, (_, lane) => write(lane)));
      await exited;
    }
    using store = openSqlite(path);
    expect(acknowledged.length).to.be.at.least(200);
    const missing = acknowledged.filter((name) => store.find({ field: 'name', value: name }).length === 0);
    expect(missing).to.deep.equal([]);
    expect(store.revision).to.equal(store.size);
    expect([...store.changes(0)]).to.have.length(store.size);
  });

  it('stops at SIGTERM with exit code 0', async () => {
    await using folder = await temporaryFolder();
    const { child, port } = await spawnHardware(join(folder.path, 'smee.db'));
    using client = new TestClient(port);
    await client.watch().synced();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });
});
