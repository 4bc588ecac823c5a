import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openSqlite } from '../../services/hardware/store/sqlite.ts';
import { record, TestClient } from '../support/hardware-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const main = fileURLToPath(new URL('../../services/hardware/main.ts', import.meta.url));

/** The service as a process of its own, and the port it serves on. */
async function spawnHardware(path: string) {
  const child = spawn(
    process.execPath,
    [main, '--hardware-bind', '127.0.0.1:0', '--hardware-ops-addr', '127.0.0.1:0', '--sqlite-path', path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, address } = JSON.parse(line) as { msg: string; address?: { port: number } };
    if (msg === 'listening' && address !== undefined) return { child, port: address.port };
  }
  throw new Error('the service ended before it served');
}

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
