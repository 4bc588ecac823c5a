import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, stat, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { hookMagicString } from '../../services/http/wire/hook-magic.ts';
import { need } from '../support/clients.ts';
import { type RunningHttp, rawHttp, runHttp } from '../support/http.ts';
import { emptyMachines, fixedMachines, machine } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { runUpstream, serveBytes } from '../support/upstream.ts';

const run = promisify(execFile);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('services/http with curl', () => {
  let curl = '';
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let http: RunningHttp;
  const kernel = randomBytes(5_000_000);

  before(async function () {
    curl = need(this, 'curl', 'curl');
    folder = await temporaryFolder();
    await mkdir(`${folder.path}/artifacts/hook`, { recursive: true });
    await writeFile(`${folder.path}/artifacts/hook/vmlinuz`, kernel);
    await writeFile(`${folder.path}/secret`, 'secret');
    http = await runHttp([`--artifact-dir=${folder.path}/artifacts`]);
  });

  after(async () => {
    await http?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  /** Standard output of curl, which must succeed. */
  const curls = async (...args: readonly string[]) =>
    (await run(curl, ['--silent', '--show-error', '--max-time', '20', ...args])).stdout;

  it('downloads a file byte for byte', async () => {
    const file = `${folder.path}/got`;
    const code = await curls(
      '-o',
      file,
      '-w',
      '%{http_code} %{size_download}',
      `${http.url}/artifacts/hook/vmlinuz`,
    );
    expect(code).to.equal('200 5000000');
    expect(sha256(await readFile(file))).to.equal(sha256(kernel));
  });

  it('resumes a download that was cut off', async () => {
    const file = `${folder.path}/resumed`;
    await writeFile(file, kernel.subarray(0, 1_234_567));
    const code = await curls(
      '-C',
      '-',
      '-o',
      file,
      '-w',
      '%{http_code}',
      `${http.url}/artifacts/hook/vmlinuz`,
    );
    expect(code).to.equal('206');
    expect(sha256(await readFile(file))).to.equal(sha256(kernel));
  });

  it('fetches only what is newer', async () => {
    const file = `${folder.path}/newer`;
    const again = ['-R', '-z', file, '-o', file, '-w', '%{http_code}', `${http.url}/artifacts/hook/vmlinuz`];
    await curls('-R', '-o', file, `${http.url}/artifacts/hook/vmlinuz`);
    expect(await curls(...again)).to.equal('304');
    expect((await stat(file)).size).to.equal(kernel.length);
  });

  it('fetches only what has another ETag', async () => {
    const etag = `${folder.path}/etag`;
    await curls('--etag-save', etag, '-o', '/dev/null', `${http.url}/artifacts/hook/vmlinuz`);
    const code = await curls(
      '--etag-compare',
      etag,
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      `${http.url}/artifacts/hook/vmlinuz`,
    );
    expect(code).to.equal('304');
  });

  it('speaks HTTP/1.0, and uses one connection for many files in HTTP/1.1', async () => {
    const url = `${http.url}/artifacts/hook/vmlinuz`;
    const write = ['-w', '%{http_code} %{num_connects}\n', '-o', '/dev/null'];
    expect(await curls('--http1.0', ...write, url)).to.equal('200 1\n');
    expect(await curls(...write, url, '-o', '/dev/null', url)).to.equal('200 1\n200 0\n');
  });

  it('streams: a gigabyte costs no gigabyte', async () => {
    const size = 2 ** 30;
    await writeFile(`${folder.path}/artifacts/huge`, '');
    await truncate(`${folder.path}/artifacts/huge`, size);
    const before = process.memoryUsage.rss();
    let highest = before;
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage.rss());
    }, 20);
    const got = await curls('-o', '/dev/null', '-w', '%{size_download}', `${http.url}/artifacts/huge`);
    clearInterval(watch);
    await unlink(`${folder.path}/artifacts/huge`);
    expect(got).to.equal(String(size));
    expect(highest - before).to.be.lessThan(200 * 2 ** 20);
  });

  it('resumes a patched ISO that was cut off in the middle of its kernel arguments', async () => {
    const [before, after] = [Buffer.alloc(300_000, 1), Buffer.alloc(300_000, 2)];
    const iso = Buffer.concat([before, Buffer.from(hookMagicString), after]);
    await using upstream = await runUpstream(serveBytes(iso));
    const flags = ['--iso-enabled', `--iso-url=${upstream.url}/hook.iso`];
    await using booting = await runHttp(flags, fixedMachines([machine()]));
    const url = `${booting.url}/iso/52:54:00:77:00:07/hook.iso`;
    const [whole, resumed] = [`${folder.path}/whole.iso`, `${folder.path}/resumed.iso`];
    const write = ['-w', '%{http_code} %{size_download}'];
    expect(await curls(...write, '-o', whole, url)).to.equal(`200 ${iso.length}`);
    const bytes = await readFile(whole);
    expect(String(bytes)).to.include('worker_id=52:54:00:77:00:07').and.not.include(hookMagicString);
    await writeFile(resumed, bytes.subarray(0, 300_100));
    expect(await curls(...write, '-C', '-', '-o', resumed, url)).to.equal(`206 ${iso.length - 300_100}`);
    expect(sha256(await readFile(resumed))).to.equal(sha256(bytes));
  });

  describe('paths that want out', () => {
    const hostile = [
      '/artifacts/../secret',
      '/artifacts/hook/../../secret',
      '/artifacts/%2e%2e/secret',
      '/artifacts/..%2fsecret',
      '/artifacts/..%5csecret',
      '/artifacts/..\\secret',
      '/artifacts/%252e%252e/secret',
      '/artifacts//etc/passwd',
      '/artifacts/%2fetc/passwd',
      '/artifacts/hook/vmlinuz%00.txt',
      '/artifacts/link-out',
      '/artifacts/folder-out/secret',
      '/artifacts/hook',
      '/artifacts/hook/',
      '/artifacts/',
      '/artifacts/pipe',
      '/artifacts/device',
      `/artifacts/${'a'.repeat(256)}`,
      `/artifacts/${'a/'.repeat(1500)}`,
      '/artifacts/proc/self/environ',
    ];

    before(async () => {
      const root = `${folder.path}/artifacts`;
      await symlink('../secret', `${root}/link-out`);
      await symlink('..', `${root}/folder-out`);
      await symlink('/dev/zero', `${root}/device`);
      await symlink('hook/vmlinuz', `${root}/link-in`);
      await run('mkfifo', [`${root}/pipe`]);
    });

    for (const path of hostile) {
      it(`get a no at once: ${path.slice(0, 60)}`, async () => {
        const body = `${folder.path}/body`;
        const format = '%{http_code} %header{location} %header{x-smee-reason}';
        const said = await curls('--path-as-is', '-o', body, '-w', format, `${http.url}${path}`);
        expect(said).to.match(/^40[034] {2}(outside-root|not-found|not-a-file)$/);
        expect(String(await readFile(body)))
          .not.to.include('secret\n')
          .and.not.include(folder.path);
      });
    }

    it('but a link that stays inside is a file like any other', async () => {
      const said = await curls(
        '-o',
        '/dev/null',
        '-w',
        '%{http_code} %{size_download}',
        `${http.url}/artifacts/link-in`,
      );
      expect(said).to.equal('200 5000000');
    });

    it('get nothing by swapping a link between the check and the open', async () => {
      const root = `${folder.path}/artifacts`;
      await writeFile(`${root}/inside`, 'inside');
      let swapping = true;
      const swapper = (async () => {
        for (let at = 0; swapping; at++) {
          await symlink(at % 2 === 0 ? '../secret' : 'inside', `${root}/next`);
          await rename(`${root}/next`, `${root}/swapped`);
        }
      })();
      const seen = new Set<string>();
      for (let at = 0; at < 400; at++) {
        const answer = await rawHttp(http.port, 'GET /artifacts/swapped HTTP/1.0\r\n\r\n');
        seen.add(answer.status === 200 ? String(answer.body) : String(answer.headers['x-smee-reason']));
      }
      swapping = false;
      await swapper;
      expect([...seen].filter((one) => !['inside', 'outside-root', 'not-found'].includes(one))).to.deep.equal(
        [],
      );
      expect(seen).to.include('inside').and.include('outside-root');
    });
  });

  it('is refused for what nobody knows, with a sentence for people', async () => {
    await using empty = await runHttp([], emptyMachines);
    const said = await curls('-w', '\n%{http_code}', `${empty.url}/52:54:00:00:00:99/auto.ipxe`);
    expect(said).to.equal(
      'unknown-machine: No hardware record has this MAC (or this source address).\n' +
        'Apply a record with this MAC: smee hardware apply -f FILE.\n\n404',
    );
  });
});
