import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Setting } from '#shared/config.ts';
import { dhcpSettings } from '../../services/dhcp/config.ts';
import { hardwareSettings } from '../../services/hardware/config.ts';
import { httpSettings } from '../../services/http/config.ts';
import { syslogSettings } from '../../services/syslog/config.ts';
import { tftpSettings } from '../../services/tftp/config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');

/** One statement of docs/smee.md, or one fact of docs/security.md. */
interface Row {
  readonly id: string;
  readonly statement: string;
  readonly here: string;
  /** `test/….test.ts`, and the title of a test in it. */
  readonly tests: readonly (readonly [file: string, title: string])[];
}

/** The rows of every table whose first cell is an id. */
function rowsOf(page: string): readonly Row[] {
  const lines = readFileSync(join(root, 'docs', page), 'utf8').split('\n');
  return lines.flatMap((line): Row[] => {
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    const [id = '', statement = '', here = '', tests = ''] = cells.map((cell) => cell.trim());
    if (!/^[SF]-/.test(id)) return [];
    const named = tests.split('<br>').filter((one) => one !== '');
    return [{ id, statement, here, tests: named.map(testOf) }];
  });
}

function testOf(text: string): readonly [file: string, title: string] {
  const [, file, title] = /^`(test\/[\w/.-]+\.test\.ts)`: (.+)$/.exec(text) ?? [];
  if (file === undefined || title === undefined) throw new Error(`not a file and a title: ${text}`);
  return [file, title.replaceAll('\\|', '|')];
}

/** The title of every test of these files, as mocha makes them: none is run. */
async function titlesIn(files: readonly string[]): Promise<ReadonlySet<string>> {
  const args = [mocha, '--dry-run', '--reporter', 'json', ...files];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  const { tests } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    tests: { file: string; title: string }[];
  };
  return new Set(tests.map(({ file, title }) => `${file.slice(root.length)}: ${title}`));
}

const smee = rowsOf('smee.md');
const security = rowsOf('security.md');

describe('docs/smee.md and docs/security.md', function () {
  this.timeout(60_000);

  it('have a row for every statement, none without its statement, and each id once', () => {
    for (const [page, rows] of [
      ['smee', smee],
      ['security', security],
    ] as const) {
      const list = readFileSync(join(root, `test/fixtures/${page}-statements.txt`), 'utf8').trimEnd();
      expect(rows.map(({ id, statement }) => `${id} ${statement}`)).to.deep.equal(list.split('\n'));
      expect(new Set(rows.map(({ id }) => id)).size).to.equal(rows.length);
    }
  });

  it('say one of few things about each, and name a test where they claim something', () => {
    const kinds = {
      S: /^(same|different because .+|not yet(: .+)?)$/,
      F: /^(held|does not apply because .+|not yet(: .+)?)$/,
    };
    for (const { id, here, tests } of [...smee, ...security]) {
      expect(here, id).to.match(id.startsWith('S') ? kinds.S : kinds.F);
      if (/^(same|different|held)/.test(here)) expect(tests, `${id} names no test`).to.not.deep.equal([]);
    }
  });

  it('name only tests that exist', async () => {
    const named = [...smee, ...security].flatMap(({ id, tests }) =>
      tests.map((test) => [id, ...test] as const),
    );
    const files = [...new Set(named.map(([, file]) => file))];
    expect(files.filter((file) => !existsSync(join(root, file)))).to.deep.equal([]);
    const titles = await titlesIn(files);
    const missing = named.filter(([, file, title]) => !titles.has(`${file}: ${title}`));
    expect(missing.map((one) => one.join(': '))).to.deep.equal([]);
  });

  it('say of each setting whether it is there, and with which default', () => {
    const tables = [hardwareSettings, dhcpSettings, tftpSettings, httpSettings, syslogSettings];
    const settings = new Map(
      tables.flatMap((table): Setting<unknown>[] => Object.values(table)).map((one) => [one.flag, one]),
    );
    for (const { id, statement, here } of smee) {
      const [, flag = '', value] = /^`([a-z0-9-]+)` \(([^)]+)\):/.exec(statement) ?? [];
      const setting = settings.get(flag);
      if (value === undefined) continue;
      if (setting === undefined) expect(here, `${id}: --${flag} is not there`).to.match(/^not yet/);
      else if (here === 'not yet') throw new Error(`${id}: --${flag} is there: say what it does`);
      else if (here === 'same') expect(setting.default || '–', id).to.satisfy(isDefault(value));
    }
  });
});

/** "detected", and HookOS's magic string, are what an unset setting means. */
function isDefault(value: string): (written: string) => boolean {
  return (written) => written === value || (['detected', "HookOS's"].includes(value) && written === '–');
}
