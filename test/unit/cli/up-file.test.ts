import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readUpFile, type UpFile, writeUpFile } from '../../../cli/up-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const address = { host: '127.0.0.1', port: 1 };
const content: UpFile = {
  pid: process.pid,
  hardware: address,
  dhcp: [address],
  dhcpProxy: [],
  tftp: [address],
  http: [address],
  https: [],
  syslog: [address],
  dashboard: address,
  ops: { dhcp: address },
  ifaces: ['eth1'],
  dhcpMode: 'reservation',
  tftpKnownClientsOnly: false,
  ipxeDir: null,
  artifactDir: '/srv',
  recordFiles: null,
  patched: false,
};

describe('cli/up-file.ts', () => {
  it('is read as it was written, by its owner only, and goes away', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'up.json');
    const written = await writeUpFile(path, content);
    expect(await readUpFile(path)).to.deep.equal({ up: content });
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    await written[Symbol.asyncDispose]();
    expect(await readUpFile(path)).to.deep.equal({});
  });

  it("stays when it is another process's by now", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'up.json');
    const written = await writeUpFile(path, content);
    await writeFile(path, JSON.stringify({ ...content, pid: process.ppid }));
    await written[Symbol.asyncDispose]();
    expect((await readUpFile(path)).up?.pid).to.equal(process.ppid);
  });

  for (const [name, text] of [
    ['a process that has ended', JSON.stringify({ ...content, pid: 2 ** 22 + 1 })],
    ['nonsense', '{"pid":'],
    ['another form', '{"pid": 1}'],
  ] as const) {
    it(`ignores ${name}, with a hint`, async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'up.json');
      await writeFile(path, text);
      const read = await readUpFile(path);
      expect(read.up).to.equal(undefined);
      expect(read.hint).to.contain(path).and.contain('ignored');
    });
  }
});
