import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { ConfigError } from '#shared/errors.ts';
import { makeLoaders, smee, startUp } from '../support/cli.ts';
import { record, testHardware } from '../support/hardware-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const fixture = fileURLToPath(new URL('../fixtures/hardware.example.yaml', import.meta.url));
const byMac = fileURLToPath(new URL('../../examples/hardware-by-mac.yaml', import.meta.url));

const entry = (n: number, address = n) =>
  `52:54:00:77:00:0${n}: { ipAddress: 10.77.0.${address}, subnetMask: 255.255.0.0 }\n`;

/** A file of records, and what starts a service on it. */
async function setUp(content: string) {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'hw.yaml');
  await writeFile(file, content);
  const args = ['--backend', 'file', '--backend-file-path', file];
  return {
    folder: folder.path,
    file,
    start: () => testHardware([...args, '--backend-file-state-path', join(folder.path, 'state.db')]),
    async replace(text: string) {
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function problemsOf(args: readonly string[]): Promise<readonly string[]> {
  const failed: unknown = await testHardware(args).then(
    async (service) => await service[Symbol.asyncDispose](),
    (error: unknown) => error,
  );
  expect(failed).to.be.instanceOf(ConfigError);
  return (failed as ConfigError).problems;
}

const objects = (yaml: string) => parseAllDocuments(yaml).map((document) => document.toJS());

describe('the file backend', () => {
  it('tells watchers what an edit adds, changes and deletes', async () => {
    await using test = await setUp(entry(1) + entry(2));
    await using service = await test.start();
    const watch = service.client.watch();
    await watch.synced();
    await test.replace(entry(2, 9) + entry(3));
    await watch.until(({ type }) => type === 'DELETED');
    await watch.until(({ hardware }) => hardware?.name === '52-54-00-77-00-03');
    expect(watch.story.slice(3)).to.deep.equal([
      'DELETED 52-54-00-77-00-01',
      'MODIFIED 52-54-00-77-00-02',
      'ADDED 52-54-00-77-00-03',
    ]);
    expect(watch.events.slice(3).map(({ revision }) => revision)).to.deep.equal([3, 4, 5]);
  });

  it('lets a watcher resume after a restart, and tells it what it missed', async () => {
    await using test = await setUp(entry(1));
    let storeId = '';
    {
      await using service = await test.start();
      const watch = service.client.watch();
      await watch.synced();
      storeId = watch.storeId;
    }
    await test.replace(entry(1) + entry(2));
    await using service = await test.start();
    const watch = service.client.watch({ storeId, sinceRevision: 1 });
    await watch.synced();
    expect(watch.story).to.deep.equal(['ADDED 52-54-00-77-00-02', 'SYNCED']);
  });

  it('refuses every write, and names the file', async () => {
    await using test = await setUp(entry(1));
    await using service = await test.start();
    const writes = [
      ['CreateHardware', { hardware: record('a', 9) }],
      ['UpdateHardware', { hardware: record('a', 9) }],
      ['ApplyHardware', { hardware: record('a', 9) }],
      ['DeleteHardware', { name: '52-54-00-77-00-01' }],
    ] as const;
    for (const [rpc, request] of writes) {
      const { code, details } = await service.client.refusal(rpc, request);
      expect(code, rpc).to.equal(status.FAILED_PRECONDITION);
      expect(details).to.contain(test.file);
    }
    expect((await service.client.call('ListHardware', {})).hardware).to.have.length(1);
  });

  it('answers calls while it reads a large file', async () => {
    await using test = await setUp(entry(1));
    await using service = await test.start();
    const many = Array.from({ length: 4000 }, (_, at) => {
      const [high, low] = [at >> 8, at & 255].map((byte) => byte.toString(16).padStart(2, '0'));
      return `52:54:01:00:${high}:${low}: { ipAddress: 10.1.${at >> 8}.${at & 255}, subnetMask: 255.0.0.0 }\n`;
    });
    await test.replace(many.join(''));
    let answers = 0;
    for (let size = 1; size !== 4000; answers++) {
      await service.client.call('GetHardware', { name: '52-54-00-77-00-01' }).catch(() => undefined);
      const text = await service.metrics.getSingleMetricAsString('smee_hardware_records');
      size = Number(text.trim().split(' ').at(-1));
    }
    expect(answers).to.be.greaterThan(20);
  });

  it('shows in its metrics that something is wrong with the files', async () => {
    await using test = await setUp(`${entry(1)}52:54:00:77:00:02: 7\n`);
    await using service = await test.start();
    expect(await service.metrics.metrics()).to.match(/^smee_hardware_problems 1$/m);
    await test.replace(entry(1));
    await until('it is read', () => service.logLines.some(({ problems }) => problems === 0));
    expect(await service.metrics.metrics()).to.match(/^smee_hardware_problems 0$/m);
  });

  it('is chosen by the switch that Smee has', async () => {
    await using folder = await temporaryFolder();
    await using service = await testHardware([
      ...['--backend-file-enabled', '--backend-file-path', byMac],
      ...['--backend-file-state-path', join(folder.path, 'state.db')],
    ]);
    expect((await service.client.call('ListHardware', {})).hardware.map(({ name }) => name)).to.deep.equal([
      '52-54-00-77-00-07',
      '52-54-00-77-00-08',
      '52-54-00-77-00-09',
    ]);
    expect(service.logLines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('reports what is wrong with backend and access at once', async () => {
    const problems = await problemsOf([
      ...['--backend-file-enabled', '--backend-noop-enabled', '--hardware-bind', '0.0.0.0:0'],
    ]);
    expect(problems).to.have.length(3);
    expect(problems.join('\n')).to.match(
      /SMEE_HARDWARE_BIND.*\n.*only one backend.*\nSMEE_BACKEND_FILE_PATH/,
    );
  });

  for (const backend of ['sqlite', 'file'] as const) {
    it(`exports Tinkerbell documents as they came, from ${backend}`, async () => {
      const original = await readFile(fixture, 'utf8');
      await using test = await setUp(original);
      await using service = await (backend === 'file' ? test.start() : testHardware());
      const { host, port } = service.running.address;
      const options = { cwd: test.folder, env: { SMEE_HARDWARE_ADDR: `${host}:${port}` } };
      if (backend === 'sqlite')
        expect(await smee(['hardware', 'apply', '-f', fixture], options)).to.include({ code: 0 });
      const { code, stdout } = await smee(['hardware', 'export'], options);
      expect(code).to.equal(0);
      expect(objects(stdout)).to.have.deep.members(objects(original));
    });
  }

  it('gives its records to hardware apply, for the way to sqlite', async () => {
    await using test = await setUp('{}');
    await using service = await testHardware();
    const { host, port } = service.running.address;
    const options = { cwd: test.folder, env: { SMEE_HARDWARE_ADDR: `${host}:${port}` } };
    expect(await smee(['hardware', 'apply', '-f', byMac], options)).to.include({
      code: 0,
      stdout: '52-54-00-77-00-07 created\n52-54-00-77-00-08 created\n52-54-00-77-00-09 created\n',
    });
  });

  it('is what smee up boots machines from', async () => {
    await using folder = await temporaryFolder();
    const loaders = await makeLoaders(folder.path);
    const file = join(folder.path, 'hw.yaml');
    await writeFile(file, entry(8).replace(' }', ', netboot: { allowPxe: true } }'));
    const flags = ['--backend', 'file', '--backend-file-path', file, '--ipxe-dir', loaders];
    await using up = await startUp(folder.path, flags);
    const mac = '52:54:00:77:00:08';
    const booted = await smee(['simulate', '--mac', mac], { cwd: folder.path });
    expect(booted.code, booted.stdout + booted.stderr).to.equal(0);
    expect(up.log().some((line) => line.mac === mac)).to.equal(true);
  });
});

describe('the noop backend', () => {
  it('is ready, holds nothing, takes nothing, and says for what it is', async () => {
    await using service = await testHardware(['--backend', 'noop']);
    const watch = service.client.watch();
    await watch.synced();
    expect(watch.story).to.deep.equal(['SYNCED']);
    const { code, details } = await service.client.refusal('CreateHardware', { hardware: record('a', 1) });
    expect(code).to.equal(status.FAILED_PRECONDITION);
    expect(details).to.contain('SMEE_BACKEND');
    expect(service.logLines.find(({ level }) => level === 'warn')?.msg).to.contain('auto-proxy');
  });

  it('needs nothing on the disk to come up', async () => {
    await using folder = await temporaryFolder();
    const flags = ['--backend', 'noop', '--ipxe-dir', await makeLoaders(folder.path)];
    await using _up = await startUp(folder.path, flags);
    expect(await smee(['hardware', 'list', '-o', 'json'], { cwd: folder.path })).to.include({ code: 0 });
  });

  it('makes a watcher of another store start over', async () => {
    await using service = await testHardware(['--backend-noop-enabled']);
    const { code } = await service.client.watch({ storeId: 'of sqlite', sinceRevision: 7 }).ended;
    expect(code).to.equal(status.OUT_OF_RANGE);
  });
});
