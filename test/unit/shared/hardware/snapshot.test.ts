import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { MalformedError } from '#shared/errors.ts';
import { readSnapshot, snapshotVersion, writeSnapshot } from '#shared/hardware/snapshot.ts';
import { machine } from '../../../support/machines.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const snapshot = (...names: string[]) => ({
  storeId: 'store-1',
  revision: 42,
  currentAt: 1_700_000_000_000,
  records: names.map((name) => ({ name, machines: [machine({ name })] })),
});

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Every key of a value, nested ones dotted. */
function keysOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? keysOf(inner, `${prefix}${key}.`)
      : [prefix + key],
  );
}

describe('shared/hardware/snapshot.ts', () => {
  it('gives back what was written', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.jsonl');
    const written = snapshot('one', 'two\nlines', 'separators \u2028\u2029', 'sha256');
    await writeSnapshot(path, written);
    const read = await readSnapshot(path);
    expect(read).to.deep.include({ storeId: 'store-1', revision: 42, currentAt: written.currentAt });
    // `undefined` has no JSON: absent there, and the same to every reader.
    expect(JSON.stringify(read?.records)).to.equal(JSON.stringify(written.records));
  });

  it('keeps many large records, over many slices that go to the disk by themselves', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.jsonl');
    const names = Array.from({ length: 1001 }, (_, at) => `node-${at}-${'x'.repeat(2000)}`);
    await writeSnapshot(path, snapshot(...names));
    expect((await readSnapshot(path))?.records.map(({ name }) => name)).to.deep.equal(names);
  });

  it('is readable by nobody else, and leaves nothing beside itself', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'made', 'a.jsonl');
    await writeSnapshot(path, snapshot('one'));
    await writeSnapshot(path, snapshot('two'));
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect((await stat(join(folder.path, 'made'))).mode & 0o777).to.equal(0o700);
    expect(await readdir(join(folder.path, 'made'))).to.deep.equal(['a.jsonl']);
    expect((await readSnapshot(path))?.records[0]?.name).to.equal('two');
  });

  it('follows no link: neither one that waits for the temporary file nor one in its own place', async () => {
    await using folder = await temporaryFolder();
    const [path, target] = [join(folder.path, 'a.jsonl'), join(folder.path, 'target')];
    await writeFile(target, 'precious');
    await symlink(target, `${path}.tmp`);
    await writeSnapshot(path, snapshot('one'));
    expect(await readFile(target, 'utf8')).to.equal('precious');
    await symlink(path, join(folder.path, 'link.jsonl'));
    expect(await failure(readSnapshot(join(folder.path, 'link.jsonl')))).to.have.property(
      'code',
      'snapshot-unreadable',
    );
  });

  it('keeps the old one when the new one cannot be written', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.jsonl');
    await writeSnapshot(path, snapshot('old'));
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const broken = { name: 'broken', machines: [circular as never] };
    const error = await failure(writeSnapshot(path, { ...snapshot('new'), records: [broken] }));
    expect(error).to.have.property('code', 'snapshot-unwritable');
    expect((await readSnapshot(path))?.records[0]?.name).to.equal('old');
    expect(await readdir(folder.path)).to.deep.equal(['a.jsonl']);
  });

  it('is undefined when there is none, and an error when it is no file', async () => {
    await using folder = await temporaryFolder();
    expect(await readSnapshot(join(folder.path, 'none.jsonl'))).to.equal(undefined);
    await mkdir(join(folder.path, 'folder.jsonl'));
    expect(await failure(readSnapshot(join(folder.path, 'folder.jsonl')))).to.have.property(
      'code',
      'snapshot-unreadable',
    );
  });

  it('refuses every prefix of itself', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.jsonl');
    await writeSnapshot(path, snapshot('one', 'two'));
    const whole = await readFile(path);
    // The last byte is the line end behind the sum, which nothing needs.
    for (let length = 0; length < whole.length - 1; length += 7) {
      await writeFile(path, whole.subarray(0, length));
      expect(await failure(readSnapshot(path)), `${length} bytes`).to.be.instanceOf(MalformedError);
    }
  });

  it('refuses a changed byte, whichever it is', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.jsonl');
    await writeSnapshot(path, snapshot('one'));
    const whole = await readFile(path);
    for (let at = 0; at < whole.length - 1; at += 11) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      await writeFile(path, changed);
      expect(await failure(readSnapshot(path)), `byte ${at}`).to.be.instanceOf(MalformedError);
    }
  });

  it('has a version that stands for exactly these fields: change both together', () => {
    const rpi = { serialNum: '', firmwarePath: '', configTxt: '' };
    expect(snapshotVersion).to.equal(2);
    expect(keysOf(machine({ netboot: { rpi } }))).to.deep.equal([
      'name',
      'revision',
      'agentId',
      'facility',
      'quirks',
      'isoSource',
      'dhcp.mac',
      'dhcp.disabled',
      'dhcp.address',
      'dhcp.netmask',
      'dhcp.gateway',
      'dhcp.broadcast',
      'dhcp.leaseTime',
      'dhcp.hostname',
      'dhcp.domainName',
      'dhcp.domainSearch',
      'dhcp.nameServers',
      'dhcp.timeServers',
      'dhcp.routes',
      'dhcp.arch',
      'dhcp.vlanId',
      'dhcp.tftpServerName',
      'dhcp.bootFileName',
      'netboot.allowed',
      'netboot.scriptUrl',
      'netboot.scriptContents',
      'netboot.binary',
      'netboot.osie.baseUrl',
      'netboot.osie.kernel',
      'netboot.osie.initrd',
      'netboot.osie.kernelParams',
      'netboot.pxelinuxConfig',
      'netboot.rpi.serialNum',
      'netboot.rpi.firmwarePath',
      'netboot.rpi.configTxt',
    ]);
  });
});
