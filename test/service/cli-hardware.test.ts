import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readHardware } from '#shared/hardware/documents.ts';
import { smee, startSmee } from '../support/cli.ts';
import { record, testHardware } from '../support/hardware-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const example = fileURLToPath(new URL('../../examples/hardware.yaml', import.meta.url));

/** A hardware service, and the real command line in a process of its own that speaks to it. */
async function setUp() {
  await using stack = new AsyncDisposableStack();
  const service = stack.use(await testHardware());
  const folder = stack.use(await temporaryFolder());
  const { host, port } = service.running.address;
  const env = { SMEE_HARDWARE_ADDR: `${host}:${port}` };
  const options = { cwd: folder.path, env };
  const all = stack.move();
  return {
    client: service.client,
    folder: folder.path,
    options,
    run: (args: readonly string[], input = '') => smee(['hardware', ...args], { ...options, input }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

describe('cli/hardware.ts', () => {
  it('applies the example: created, unchanged, updated', async () => {
    await using test = await setUp();
    expect(await test.run(['apply', '-f', example])).to.include({
      code: 0,
      stdout: 'rack1-node07 created\nswitch-3 created\n',
    });
    const changed = (await readFile(example, 'utf8')).replace('lease_time: 86400', 'lease_time: 3600');
    expect(await test.run(['apply', '-f', '-'], changed)).to.include({
      code: 0,
      stdout: 'rack1-node07 updated\nswitch-3 unchanged\n',
    });
  });

  it('applies several files and folders', async () => {
    await using test = await setUp();
    const [first = '', second = ''] = (await readFile(example, 'utf8')).split('---\n');
    await writeFile(join(test.folder, 'a.yaml'), first);
    await writeFile(join(test.folder, 'b.yml'), second);
    await writeFile(join(test.folder, 'notes.txt'), 'not a record');
    await writeFile(join(test.folder, '.b.yml'), 'what an editor keeps: [');
    const { code, stdout } = await test.run(['apply', '-f', test.folder]);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'rack1-node07 created\nswitch-3 created\n' });
    const again = await test.run([
      'apply',
      '-f',
      join(test.folder, 'b.yml'),
      '-f',
      join(test.folder, 'a.yaml'),
    ]);
    expect(again.stdout).to.equal('switch-3 unchanged\nrack1-node07 unchanged\n');
  });

  it('applies nothing when a document does not read well, and says where, for all of them', async () => {
    await using test = await setUp();
    const good = await readFile(example, 'utf8');
    const { code, stderr } = await test.run(
      ['apply', '-f', '-', 'missing.yaml'],
      `${good}---\nkind: Hardware\nspec: 7\n`,
    );
    expect(code).to.equal(1);
    expect(stderr).to.match(/standard input: document 3, line \d+, apiVersion: must be/);
    expect(stderr).to.match(/standard input: document 3, line \d+, metadata/);
    expect(stderr).to.contain("'missing.yaml'");
    expect(stderr).to.match(/nothing applied\n$/);
    expect((await test.client.call('ListHardware', {})).hardware).to.deep.equal([]);
  });

  it('applies the others when one is refused, and shows each violation on a line of its own', async () => {
    await using test = await setUp();
    const bad = (await readFile(example, 'utf8'))
      .replace('mac: 52:54:00:77:00:07', 'mac: 52-54')
      .replace('netmask: 255.255.255.0', 'netmask: 255.0.255.0');
    const { code, stdout, stderr } = await test.run(['apply', '-f', '-'], bad);
    expect(code).to.equal(1);
    expect(stdout).to.equal('switch-3 created\n');
    expect(stderr).to.match(/^standard input, line \d+, rack1-node07:\n/);
    expect(stderr).to.match(/\n {2}hardware\.interfaces\[0\]\.dhcp\.mac: .+/);
    expect(stderr).to.match(/\n {2}hardware\.interfaces\[0\]\.dhcp\.ip\.netmask: .+/);
    expect(stderr).to.match(/\n1 of 2 refused\n$/);
    expect(stderr).not.to.match(/^\s+at /m);
  });

  it('names the record that stands in the way', async () => {
    await using test = await setUp();
    await test.client.create(record('first', 7));
    const taken = (await readFile(example, 'utf8')).replace('192.168.77.107', '10.77.0.7');
    const { code, stderr } = await test.run(['apply', '-f', '-'], taken);
    expect(code).to.equal(1);
    expect(stderr).to.contain('first');
  });

  for (const [key, how] of [
    ['a', 'by name'],
    ['52-54-00-77-00-07', 'by MAC, in any spelling'],
    ['10.77.0.7', 'by address'],
  ] as const) {
    it(`gets a record ${how}`, async () => {
      await using test = await setUp();
      await test.client.create(record('a', 7));
      const { code, stdout } = await test.run(['get', key]);
      expect(code).to.equal(0);
      expect(stdout.split('\n')[1]).to.match(/^a {5}52:54:00:77:00:07 {2}10\.77\.0\.7 .*allowed +1$/);
    });
  }

  it('lists and exports what it can apply again, as a table, YAML and JSON', async () => {
    await using test = await setUp();
    await test.run(['apply', '-f', example]);
    const table = await test.run(['list']);
    expect(table.stdout.split('\n').map((line) => line.split(/ +/)[0])).to.deep.equal([
      'NAME',
      'rack1-node07',
      'switch-3',
      '',
    ]);
    const wanted = readHardware(await readFile(example, 'utf8')).records.map(({ hardware }) => hardware);
    for (const args of [['export'], ['list', '-o', 'yaml'], ['list', '-o', 'json']]) {
      const { stdout } = await test.run(args);
      const { records, problems } = readHardware(stdout);
      expect(problems, args.join(' ')).to.deep.equal([]);
      expect(
        records.map(({ hardware }) => hardware),
        args.join(' '),
      ).to.deep.equal(wanted);
    }
  });

  it('deletes records, and ends with 3 when one is not there', async () => {
    await using test = await setUp();
    await test.client.create(record('a', 1));
    const { code, stdout, stderr } = await test.run(['delete', 'nobody', 'a']);
    expect({ code, stdout, stderr }).to.deep.equal({
      code: 3,
      stdout: 'a deleted\n',
      stderr: 'no record named nobody\n',
    });
  });

  it('watches changes until it is stopped, and does not repeat what was there before', async () => {
    await using test = await setUp();
    await test.client.create(record('before', 1));
    const watch = startSmee(['hardware', 'watch'], test.options);
    await until('the watch is in sync', () => watch.stderr.includes('watching 1 records'));
    await test.client.create(record('a', 7));
    await test.client.call('DeleteHardware', { name: 'a' });
    await until('both changes are shown', () => watch.stdout.split('\n').length > 2);
    watch.kill('SIGINT');
    expect(await watch.ended).to.equal(0);
    const words = watch.stdout.split('\n').map((line) => line.split(/ +/).slice(0, 3));
    expect(words.slice(0, 2)).to.deep.equal([
      ['ADDED', 'a', '52:54:00:77:00:07'],
      ['DELETED', 'a', '–'],
    ]);
  });

  it('counts the records that it watches, also where some changed while they were read', async () => {
    await using test = await setUp();
    const other = { fields: { x: { stringValue: 'x'.repeat(600_000) } } };
    for (let at = 0; at < 30; at++) await test.client.create(record(`n${at}`, at, { other }));
    // It takes long to read them: who comes later reads the same, and then what has changed since.
    const slow = test.client.watch();
    slow.stream.once('data', () => slow.stream.pause());
    await until('it reads', () => slow.messages.length > 0);
    await test.client.call('DeleteHardware', { name: 'n0' });
    await test.client.call('ApplyHardware', { hardware: record('n1', 77) });
    const watch = startSmee(['hardware', 'watch'], test.options);
    await until('the watch is in sync', () => watch.stderr.includes('watching'));
    slow.stream.cancel();
    watch.kill('SIGINT');
    expect(await watch.ended).to.equal(0);
    expect(watch.stderr).to.include('watching 29 records');
    expect(watch.stdout).to.equal('');
  });

  for (const [name, args, code] of [
    ['3 for a record that is not there', ['get', 'nobody'], 3],
    ['2 for a command that is not there', ['frobnicate'], 2],
    ['2 for an address that is none', ['list', '--server', 'nonsense'], 2],
    ['2 for a format that is none', ['list', '-o', 'xml'], 2],
    ['4 when nobody answers', ['list', '--server', '127.0.0.1:1'], 4],
    ['0 for help', ['--help'], 0],
  ] as const) {
    it(`ends with ${name}, without a stack`, async () => {
      await using test = await setUp();
      const ended = await test.run(args);
      expect(ended.code).to.equal(code);
      if (code !== 0) expect(ended.stderr).not.to.equal('');
      expect(ended.stderr).not.to.match(/^\s+at /m);
    });
  }
});
