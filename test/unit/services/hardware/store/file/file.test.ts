import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { writeTinkerbell } from '#shared/hardware/tinkerbell.ts';
import { decodeHardware } from '../../../../../../services/hardware/store/codec.ts';
import { openFile } from '../../../../../../services/hardware/store/file/file.ts';
import { openSqlite } from '../../../../../../services/hardware/store/sqlite.ts';
import { throughTheWire } from '../../../../../support/contract.ts';
import { record } from '../../../../../support/hardware-server.ts';
import { type LogLine, logSink } from '../../../../../support/log-sink.ts';
import { type OpenWith, readableStore, readOnlyStore } from '../../../../../support/store-suite.ts';
import { temporaryFolder } from '../../../../../support/temporary-folder.ts';
import { until } from '../../../../../support/until.ts';

const times = { settle: 20, poll: 300, retry: 50 };

/** A folder with a file of records, and what opens a store on it. */
async function setUp(content: string | undefined, name = 'hw.yaml') {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const file = join(folder.path, name);
  const statePath = join(folder.path, 'data', 'state.db');
  if (content !== undefined) await writeFile(file, content);
  const { log, lines } = logSink();
  const all = stack.move();
  return {
    folder: folder.path,
    file,
    statePath,
    lines,
    open: (path = file) => openFile({ path, statePath }, log, times),
    /** Replaces the file as editors do. */
    async replace(text: string, path = file) {
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    },
    /** Resolves after the next reading that what `act` does leads to. */
    async afterReading(act: () => Promise<unknown>) {
      const before = readings(lines);
      await act();
      await until('the files are read', () => readings(lines) > before);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const readings = (lines: readonly LogLine[]) =>
  lines.filter(({ msg }) => msg === 'hardware files read').length;
const complaints = (lines: readonly LogLine[]) =>
  lines.filter(({ level }) => level !== 'info').map(({ msg }) => msg);
const errors = (lines: readonly LogLine[]) =>
  lines.filter(({ level }) => level === 'error').map(({ msg }) => msg);

/** The record at 52:54:00:77:00:0n, in the MAC-keyed format. */
const entry = (n: number, address = n) =>
  `52:54:00:77:00:0${n}: { ipAddress: 10.77.0.${address}, subnetMask: 255.255.0.0 }\n`;
const nameOf = (n: number) => `52-54-00-77-00-0${n}`;
const document = (name: string, n: number) => writeTinkerbell([throughTheWire(record(name, n))]);

type Opened = Awaited<ReturnType<typeof openFile>>;
const story = (store: Opened, after = 0) =>
  [...store.changes(after)].map(({ type, name }) => `${type} ${name}`);
const namesOf = (store: Opened) => [...store.list('')].map(({ name }) => name);
const addressOf = (store: Opened, n: number) => {
  const [found] = store.find({ field: 'name', value: nameOf(n) });
  return found && decodeHardware(found.bytes).interfaces[0]?.dhcp?.ip?.address;
};

const openWith: OpenWith = async (records) => {
  await using stack = new AsyncDisposableStack();
  const test = stack.use(
    await setUp(records.length === 0 ? '{}' : writeTinkerbell(records.map(throughTheWire))),
  );
  const store = stack.use(await test.open());
  const all = stack.move();
  return { store, [Symbol.asyncDispose]: () => all.disposeAsync() };
};

describe('services/hardware/store/file/file.ts', () => {
  readableStore(openWith);
  readOnlyStore(() => openWith([]));

  it('reads both formats from one folder, in the order of the files, and nothing else that lies there', async () => {
    await using test = await setUp(document('a', 1), 'b.yaml');
    await writeFile(join(test.folder, 'a.yml'), entry(2) + entry(3));
    await writeFile(
      join(test.folder, 'c.json'),
      JSON.stringify({ '52:54:00:77:00:04': { ipAddress: '10.0.0.4', subnetMask: '255.0.0.0' } }),
    );
    await writeFile(join(test.folder, 'notes.txt'), 'not: [a record');
    await writeFile(join(test.folder, '.b.yaml.swp'), 'not: [a record');
    using store = await test.open(test.folder);
    expect(story(store)).to.deep.equal([
      `ADDED ${nameOf(2)}`,
      `ADDED ${nameOf(3)}`,
      'ADDED a',
      `ADDED ${nameOf(4)}`,
    ]);
    expect(errors(test.lines)).to.deep.equal([]);
  });

  it('does not mind what else goes on in its folder', async () => {
    await using test = await setUp(entry(1));
    using store = await test.open();
    for (let at = 0; at < 200; at++) await writeFile(join(test.folder, `other${at % 7}`), `${at}`);
    await test.replace(entry(1, 9));
    await until('the change is served', () => addressOf(store, 1) === '10.77.0.9');
    expect(readings(test.lines)).to.be.within(1, 2);
  });

  it('is the same store, without one new revision, when it is opened again', async () => {
    await using test = await setUp(entry(1) + entry(2));
    const first = await test.open();
    const { id } = first;
    first[Symbol.dispose]();
    using second = await test.open();
    expect(second).to.include({ id, revision: 2, size: 2 });
    expect(story(second)).to.have.length(2);
  });

  it('notices what changed while it was closed', async () => {
    await using test = await setUp(entry(1) + entry(2));
    (await test.open())[Symbol.dispose]();
    await test.replace(entry(2, 7) + entry(3));
    using store = await test.open();
    expect(story(store, 2)).to.deep.equal([
      `DELETED ${nameOf(1)}`,
      `MODIFIED ${nameOf(2)}`,
      `ADDED ${nameOf(3)}`,
    ]);
  });

  it('keeps its database to its owner', async () => {
    await using test = await setUp(entry(1));
    using _store = await test.open();
    const mode = execFileSync('stat', ['-c', '%a', test.statePath], { encoding: 'utf8' });
    expect(mode).to.equal('600\n');
  });

  describe('sees a change', () => {
    const ways: readonly [string, (file: string, text: string) => Promise<void>][] = [
      ['written in place', (file, text) => writeFile(file, text)],
      [
        'moved into place',
        async (file, text) => {
          await writeFile(`${file}.new`, text);
          await rename(`${file}.new`, file);
        },
      ],
      [
        'of an editor that moves the old one away first',
        async (file, text) => {
          await rename(file, `${file}~`);
          await writeFile(file, text);
        },
      ],
      [
        'of a file that is removed and made again',
        async (file, text) => {
          await rm(file);
          await writeFile(file, text);
        },
      ],
    ];
    for (const [how, change] of ways) {
      it(how, async () => {
        await using test = await setUp(entry(1) + entry(2));
        using store = await test.open();
        let told = 0;
        store.onChange(() => told++);
        await change(test.file, entry(1) + entry(2, 9) + entry(3));
        await until('the change is served', () => store.revision === 4);
        expect(story(store, 2)).to.deep.equal([`MODIFIED ${nameOf(2)}`, `ADDED ${nameOf(3)}`]);
        await until('who listens is told', () => told > 0);
        expect(told).to.equal(1);
      });
    }

    it('of a ConfigMap, whose files are links into a folder that is exchanged', async () => {
      await using test = await setUp(undefined);
      for (const [version, text] of [
        ['1', entry(1)],
        ['2', entry(1, 9)],
      ] as const) {
        await mkdir(join(test.folder, `..${version}`));
        await writeFile(join(test.folder, `..${version}`, 'hw.yaml'), text);
      }
      await symlink('..1', join(test.folder, '..data'));
      await symlink(join('..data', 'hw.yaml'), test.file);
      using store = await test.open();
      await symlink('..2', join(test.folder, '..tmp'));
      await rename(join(test.folder, '..tmp'), join(test.folder, '..data'));
      await until('the new version is served', () => addressOf(store, 1) === '10.77.0.9');
    });

    it('of a file elsewhere that a link leads to', async () => {
      await using test = await setUp(undefined);
      const target = join(test.folder, 'elsewhere');
      await mkdir(target);
      await writeFile(join(target, 'real.yaml'), entry(1));
      await symlink(join(target, 'real.yaml'), test.file);
      using store = await test.open();
      await test.replace(entry(1, 9), join(target, 'real.yaml'));
      await until('the change is served', () => addressOf(store, 1) === '10.77.0.9');
    });

    it('of a folder: files come, and go with their records', async () => {
      await using test = await setUp(entry(1), 'a.yaml');
      using store = await test.open(test.folder);
      await writeFile(join(test.folder, 'b.yaml'), entry(2));
      await until('the new file is served', () => store.size === 2);
      await rm(join(test.folder, 'a.yaml'));
      await until('the old one is not', () => store.size === 1);
      expect(namesOf(store)).to.deep.equal([nameOf(2)]);
    });
  });

  it('makes one change of two records that swap their addresses', async () => {
    await using test = await setUp(entry(1, 1) + entry(2, 2));
    using store = await test.open();
    await test.replace(entry(1, 2) + entry(2, 1));
    await until('both have changed', () => store.revision === 4);
    expect([addressOf(store, 1), addressOf(store, 2)]).to.deep.equal(['10.77.0.2', '10.77.0.1']);
  });

  it('renames a record that keeps its MAC and address', async () => {
    await using test = await setUp(document('old', 1));
    using store = await test.open();
    await test.replace(document('new', 1));
    await until('it is renamed', () => store.revision === 3);
    expect(story(store, 1)).to.deep.equal(['DELETED old', 'ADDED new']);
  });

  it('serves what it has while its database cannot be written, and tries again by itself', async () => {
    await using test = await setUp(entry(1));
    using store = await test.open();
    const other = new DatabaseSync(test.statePath);
    other.exec('BEGIN IMMEDIATE');
    await test.replace(entry(1, 9));
    await until('it is told', () => errors(test.lines).length > 0, 15_000);
    expect(errors(test.lines)[0]).to.match(
      /the hardware database .*: database is locked; the last good records stay$/,
    );
    expect(addressOf(store, 1)).to.equal('10.77.0.1');
    other.exec('ROLLBACK');
    other.close();
    await until('all is well again', () => store.problems === 0);
    expect(addressOf(store, 1)).to.equal('10.77.0.9');
  });

  describe('keeps the last good content, and says where it is wrong,', () => {
    const half = entry(1) + entry(2).slice(0, 40);
    const edits: readonly [string, string | Buffer, RegExp][] = [
      [
        'of a file that is no YAML',
        `${entry(1)}x: [1, 2\n`,
        /^hw\.yaml, line [23]: .*; the last good version stays$/,
      ],
      ['of a file half written', half, /^hw\.yaml, line 2: .*; the last good version stays$/],
      ['of a file truncated to nothing', '', /^hw\.yaml: is empty.*\{\}.*; the last good version stays$/],
      ['of a file of comments', '# later\n---\n', /^hw\.yaml: is empty/],
      ['of prose', 'hello\n', /^hw\.yaml, line 1: must be a Hardware document/],
      ['of a list', '- 1\n', /^hw\.yaml, line 1: must be a Hardware document/],
      ['of another mapping', 'a: b\n', /^hw\.yaml, line 1, apiVersion: must be/],
      ['of bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), /^hw\.yaml: is not UTF-8/],
      ['of brackets without end', '['.repeat(100_000), /^hw\.yaml, line 1: nested too deep/],
    ];
    for (const [name, edit, said] of edits) {
      it(name, async () => {
        await using test = await setUp(entry(1) + entry(2));
        using store = await test.open();
        await test.afterReading(() => writeFile(test.file, edit));
        expect(errors(test.lines)[0]).to.match(said);
        expect(store).to.include({ revision: 2, size: 2 });
        expect(store.problems).to.be.greaterThan(0);
        await test.afterReading(() => test.replace(entry(1) + entry(2)));
        expect(store).to.include({ revision: 2, size: 2, problems: 0 });
      });
    }

    it('of a file of more than 50 MB', async () => {
      await using test = await setUp(entry(1));
      using store = await test.open();
      await test.afterReading(() => truncate(test.file, 50 * 1024 * 1024 + 1));
      expect(errors(test.lines)[0]).to.match(/^hw\.yaml: is 52428801 bytes; at most 52428800/);
      expect(store.size).to.equal(1);
    });

    it('of a FIFO, without waiting for its writer', async () => {
      await using test = await setUp(entry(1));
      using store = await test.open();
      await test.afterReading(async () => {
        await rm(test.file);
        execFileSync('mkfifo', [test.file]);
      });
      expect(errors(test.lines)[0]).to.match(/^hw\.yaml: is not a regular file; the last good version stays/);
      expect(store.size).to.equal(1);
    });

    it('of one file; the others of its folder change meanwhile', async () => {
      await using test = await setUp(entry(1), 'a.yaml');
      await writeFile(join(test.folder, 'b.yaml'), entry(2));
      using store = await test.open(test.folder);
      await writeFile(join(test.folder, 'a.yaml'), '{');
      await writeFile(join(test.folder, 'b.yaml'), entry(2, 9));
      await until('the other is served', () => addressOf(store, 2) === '10.77.0.9');
      expect(addressOf(store, 1)).to.equal('10.77.0.1');
    });

    it('of a file that cannot even be looked at when the service comes back', async () => {
      await using test = await setUp(entry(1));
      (await test.open(test.folder))[Symbol.dispose]();
      await rm(test.file);
      using store = await test.open(test.folder);
      expect(store).to.include({ revision: 1, size: 1, problems: 1 });
    });

    it('over a restart', async () => {
      await using test = await setUp(entry(1));
      (await test.open())[Symbol.dispose]();
      await writeFile(test.file, '{');
      using store = await test.open();
      expect(store).to.include({ revision: 1, size: 1, problems: 1 });
    });

    for (const [name, gone] of [
      ['when the file is gone', (test: { file: string }) => rm(test.file)],
      [
        'when its folder is gone',
        (test: { folder: string }) => rename(join(test.folder, 'in'), join(test.folder, 'out')),
      ],
    ] as const) {
      it(name, async () => {
        await using test = await setUp(undefined);
        await mkdir(join(test.folder, 'in'));
        const file = join(test.folder, 'in', 'hw.yaml');
        await writeFile(file, entry(1));
        using store = await test.open(file);
        await gone({ folder: test.folder, file });
        await until('it is told', () => errors(test.lines).length > 0);
        expect(errors(test.lines)[0]).to.match(/ENOENT.*; the last good records stay$/);
        expect(store.size).to.equal(1);
        await mkdir(join(test.folder, 'in'), { recursive: true });
        await writeFile(file, entry(1, 9));
        await until('it is read again', () => addressOf(store, 1) === '10.77.0.9');
      });
    }

    it('when its folder is empty, as one that is not mounted', async () => {
      await using test = await setUp(entry(1));
      using store = await test.open(test.folder);
      await rm(test.file);
      await until('it is told', () => errors(test.lines).length > 0);
      expect(errors(test.lines)[0]).to.match(
        /holds no \.yaml, \.yml or \.json file; the last good records stay$/,
      );
      expect(store.size).to.equal(1);
    });
  });

  it('deletes every record when the file says that there is none', async () => {
    await using test = await setUp(entry(1) + entry(2));
    using store = await test.open();
    await test.replace('{}\n');
    await until('all are gone', () => store.size === 0);
    expect(story(store, 2)).to.deep.equal([`DELETED ${nameOf(1)}`, `DELETED ${nameOf(2)}`]);
    expect(store.problems).to.equal(0);
  });

  it('does not let one bad record take the others down, and keeps its last good version', async () => {
    await using test = await setUp(entry(1) + entry(2) + entry(3));
    using store = await test.open();
    const bad = '52:54:00:77:00:02: { ipAddress: 10.77.0.256, subnetMask: 255.0.255.0 }\n';
    await test.afterReading(() => test.replace(entry(1, 9) + bad));
    expect(story(store, 3)).to.deep.equal([`DELETED ${nameOf(3)}`, `MODIFIED ${nameOf(1)}`]);
    expect(addressOf(store, 2)).to.equal('10.77.0.2');
    expect(errors(test.lines)).to.deep.equal([
      'hw.yaml, line 2, 52:54:00:77:00:02.ipAddress: must be an IPv4 address such as 192.168.77.1; the last good version stays',
      'hw.yaml, line 2, 52:54:00:77:00:02.subnetMask: must be a contiguous netmask such as 255.255.255.0; the last good version stays',
    ]);
    expect(test.lines.find(({ level }) => level === 'error')).to.include({
      mac: '52:54:00:77:00:02',
      name: nameOf(2),
      file: 'hw.yaml',
      line: 2,
      field: '52:54:00:77:00:02.ipAddress',
    });
  });

  it('names line and field of a Tinkerbell document as the document has them', async () => {
    const wrong = document('b', 2).replace('mac: 52:54', 'mac: zz:54');
    await using test = await setUp(`${document('a', 1)}---\n${wrong}`);
    using store = await test.open();
    expect(namesOf(store)).to.deep.equal(['a']);
    expect(errors(test.lines)).to.have.length(1);
    expect(errors(test.lines)[0]).to.match(
      /^hw\.yaml, line \d+, spec\.interfaces\[0\]\.dhcp\.mac: must be .*; left out$/,
    );
  });

  it('serves the first of two that claim one address or one MAC, and reports the second', async () => {
    const thief = document('thief', 9).replace('10.77.0.9', '10.77.0.1');
    const twin = document('twin', 8).replace('52:54:00:77:00:08', '52:54:00:77:00:01');
    const text = [document('a', 1), thief, twin].join('---\n');
    const lastLineOf = (part: string) => text.split('\n').findLastIndex((line) => line.includes(part)) + 1;
    await using test = await setUp(text);
    using store = await test.open();
    expect(namesOf(store)).to.deep.equal(['a']);
    expect(errors(test.lines)).to.deep.equal([
      `hw.yaml, line ${lastLineOf('10.77.0.1')}, spec.interfaces[0].dhcp.ip.address: ip 10.77.0.1 is taken by a (hw.yaml, line 1); left out`,
      `hw.yaml, line ${lastLineOf('52:54:00:77:00:01')}, spec.interfaces[0].dhcp.mac: mac 52:54:00:77:00:01 is taken by a (hw.yaml, line 1); left out`,
    ]);
    await test.replace([thief, document('a', 1)].join('---\n'));
    await until(
      'the other is first now',
      () => store.find({ field: 'ip', value: '10.77.0.1' })[0]?.name === 'thief',
    );
  });

  it('leaves out a bad name server, reports it, and serves the rest', async () => {
    await using test = await setUp(entry(1).replace(' }', ', nameServers: [1.1.1.1, dns, 8.8.8.8] }'));
    using store = await test.open();
    const [found] = store.find({ field: 'name', value: nameOf(1) });
    expect(decodeHardware(found!.bytes).interfaces[0]?.dhcp?.nameServers).to.deep.equal([
      '1.1.1.1',
      '8.8.8.8',
    ]);
    expect(complaints(test.lines)).to.deep.equal([
      'hw.yaml, line 1, 52:54:00:77:00:01.nameServers[1]: must be an IPv4 address such as 192.168.77.1, and is left out; the rest is served',
    ]);
    expect(errors(test.lines)).to.deep.equal([]);
  });

  it('says what is wrong once, not at every reading', async () => {
    await using test = await setUp(`${entry(1)}52:54:00:77:00:02: 7\n`);
    using _store = await test.open();
    await test.afterReading(() => test.replace(`${entry(1, 9)}52:54:00:77:00:02: 7\n`));
    expect(errors(test.lines)).to.have.length(1);
  });

  it('says the first of very many problems, and how many more there are', async () => {
    const bad = Array.from({ length: 200 }, (_, at) => `525400770${String(at).padStart(3, '0')}: 7\n`);
    await using test = await setUp(entry(1) + bad.join(''));
    using _store = await test.open();
    expect(errors(test.lines)).to.have.length(51);
    expect(test.lines.find(({ suppressed }) => suppressed !== undefined)).to.include({ suppressed: 150 });
  });

  it('tells no secret of a file that is no YAML', async () => {
    await using test = await setUp(entry(1));
    using _store = await test.open();
    await test.afterReading(() =>
      writeFile(test.file, 'a: b\n  kernelParams: "registry_password=hunter2" hunter2\n'),
    );
    expect(errors(test.lines).join('\n'))
      .to.match(/^hw\.yaml, line/)
      .and.not.contain('hunter2');
  });

  const useless: readonly [string, string, RegExp][] = [
    ['nothing is at the path', '', /SMEE_BACKEND_FILE_PATH: ENOENT/],
    [
      'nothing in the file can be read, and nothing was ever',
      'x: [',
      /no record of .* can be used:\nhw\.yaml, line 1/,
    ],
  ];
  for (const [name, content, said] of useless) {
    it(`does not start when ${name}`, async () => {
      await using test = await setUp(content === '' ? undefined : content);
      const failed = await test.open().catch((error: unknown) => error);
      expect(failed).to.be.an('error').with.property('message').that.matches(said);
      expect(failed).to.include({ code: 'store' });
    });
  }

  it('starts with a folder in which nothing is yet', async () => {
    await using test = await setUp(undefined);
    using store = await test.open(test.folder);
    expect(store.size).to.equal(0);
    await writeFile(test.file, entry(1));
    await until('the first file is served', () => store.size === 1);
  });

  it('does not touch a database of the sqlite backend', async () => {
    await using test = await setUp(entry(1));
    const sqlite = openSqlite(test.statePath);
    await sqlite.writer?.create(throughTheWire(record('precious', 9)));
    sqlite[Symbol.dispose]();
    const failed = await test.open().catch((error: unknown) => error);
    expect(failed).to.be.an('error').with.property('message').that.contains('SMEE_BACKEND_FILE_STATE_PATH');
    using again = openSqlite(test.statePath);
    expect(again.size).to.equal(1);
  });
});
