import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseIp4 } from '#shared/ip4.ts';
import { DirectArtifacts } from '../../services/http/direct-artifacts.ts';
import {
  ask as askWatching,
  counts,
  detour,
  expectTheSame,
  iPxe,
  lines,
  withoutDates,
} from '../support/detour.ts';
import { type RunningHttp, rawHttp, runHttp } from '../support/http.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const fleet = fixedMachines([machine({ dhcp: { address: parseIp4('127.0.0.1')! } })]);

const ask = (http: RunningHttp, request: string) => askWatching(DirectArtifacts.prototype, http, request);

const kernel = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) % 97));

/** It is read first, and sent with its head. */
const small = kernel.subarray(0, 3500);

/** A folder with files of every kind, and a secret beside it; and two services that serve it. */
async function serving() {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  const folder = `${path}/artifacts`;
  await mkdir(`${folder}/deep/er`, { recursive: true });
  await writeFile(`${path}/secret`, 'hunter2');
  for (const file of ['vmlinuz-x86_64', 'deep/er/initrd.img', '.hidden', 'boot.efi', 'name with blank'])
    await writeFile(`${folder}/${file}`, kernel);
  await writeFile(`${folder}/small`, small);
  await writeFile(`${folder}/empty`, '');
  await symlink('vmlinuz-x86_64', `${folder}/link`);
  await symlink('../secret', `${folder}/way-out`);
  await symlink('..', `${folder}/up`);
  const flags = [`--artifact-dir=${folder}`];
  const one = stack.use(await runHttp(flags, fleet));
  const other = stack.use(await runHttp(flags, fleet));
  const owned = stack.move();
  return { one, other, folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe('services/http/direct-artifacts.ts', () => {
  const rows: Record<string, [direct: boolean, start: string, ...fields: string[]]> = {
    'a file': [true, 'GET /artifacts/vmlinuz-x86_64 HTTP/1.1', ...iPxe],
    'a file in folders': [true, 'GET /artifacts/deep/er/initrd.img HTTP/1.1', ...iPxe],
    'a link that stays inside': [true, 'GET /artifacts/link HTTP/1.1', ...iPxe],
    'a small file': [true, 'GET /artifacts/small HTTP/1.1', ...iPxe],
    'a media type of its own': [true, 'GET /artifacts/boot.efi HTTP/1.1', ...iPxe],
    'a hidden file, as the routes give it': [true, 'GET /artifacts/.hidden HTTP/1.1', ...iPxe],
    'no Host': [true, 'GET /artifacts/boot.efi HTTP/1.1'],
    'HTTP/1.0': [true, 'GET /artifacts/boot.efi HTTP/1.0', ...iPxe],
    'fields of a browser': [true, 'GET /artifacts/boot.efi HTTP/1.1', 'Host: b', 'ACCEPT: */*', 'Pragma: x'],
    'two Hosts': [false, 'GET /artifacts/boot.efi HTTP/1.1', 'Host: a', 'Host: b'],
    'a range': [false, 'GET /artifacts/boot.efi HTTP/1.1', ...iPxe, 'Range: bytes=5-99'],
    'a condition': [false, 'GET /artifacts/boot.efi HTTP/1.1', ...iPxe, 'If-None-Match: *'],
    'a date': [false, 'GET /artifacts/boot.efi HTTP/1.1', ...iPxe, 'If-Modified-Since: x'],
    'a body': [false, 'GET /artifacts/boot.efi HTTP/1.1', ...iPxe, 'Content-Length: 0'],
    'a forwarded address': [false, 'GET /artifacts/boot.efi HTTP/1.1', ...iPxe, 'X-Forwarded-For: 192.0.2.1'],
    'a trace': [
      false,
      'GET /artifacts/boot.efi HTTP/1.1',
      `traceparent: 00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`,
    ],
    HEAD: [false, 'HEAD /artifacts/boot.efi HTTP/1.1', ...iPxe],
    PUT: [false, 'PUT /artifacts/boot.efi HTTP/1.1', ...iPxe],
    'an empty file': [false, 'GET /artifacts/empty HTTP/1.1', ...iPxe],
    'a folder': [false, 'GET /artifacts/deep HTTP/1.1', ...iPxe],
    'the folder itself': [false, 'GET /artifacts/ HTTP/1.1', ...iPxe],
    'what is not there': [false, 'GET /artifacts/nothing HTTP/1.1', ...iPxe],
    'a way out by dots': [false, 'GET /artifacts/../secret HTTP/1.1', ...iPxe],
    'a way out by dots further down': [false, 'GET /artifacts/deep/../../secret HTTP/1.1', ...iPxe],
    'a way out by a link': [false, 'GET /artifacts/way-out HTTP/1.1', ...iPxe],
    'a way out by a linked folder': [false, 'GET /artifacts/up/secret HTTP/1.1', ...iPxe],
    'a way out by escapes': [false, 'GET /artifacts/%2e%2e/secret HTTP/1.1', ...iPxe],
    escapes: [false, 'GET /artifacts/name%20with%20blank HTTP/1.1', ...iPxe],
    'a query': [false, 'GET /artifacts/boot.efi?token=hunter2 HTTP/1.1', ...iPxe],
    'doubled slashes': [false, 'GET /artifacts//boot.efi HTTP/1.1', ...iPxe],
    'a slash behind it': [false, 'GET /artifacts/boot.efi/ HTTP/1.1', ...iPxe],
    'the absolute form': [false, 'GET http://other/artifacts/boot.efi HTTP/1.1', ...iPxe],
    'a target that is too long': [false, `GET /artifacts/${'a/'.repeat(2100)}b HTTP/1.1`, ...iPxe],
  };
  for (const [what, [direct, start, ...fields]] of Object.entries(rows)) {
    it(`${direct ? 'answers' : 'leaves to the routes'}: ${what}`, async () => {
      await using served = await serving();
      const said = await ask(served.one, lines(start, ...fields, 'Connection: close'));
      const due = await ask(served.other, lines(start, ...fields, detour, 'Connection: close'));
      expect(said.direct).to.equal(direct);
      expect(due.direct).to.equal(false);
      expectTheSame(said, due);
      const body = what === 'a small file' ? small : kernel;
      if (direct) expect(said.answer.body === body.toString()).to.equal(true);
      else expect(said.answer.body).not.to.include('hunter2');
      expect(await counts(served.one)).to.equal(await counts(served.other));
      expect(JSON.stringify([served.one.log, served.one.reporter.events])).not.to.include('hunter2');
    });
  }

  it('answers any request as the routes do', async function () {
    this.timeout(60_000);
    await using served = await serving();
    const seen = new Set<boolean>();
    const part = (...of: readonly string[]) => fc.constantFrom(...of);
    const request = fc.tuple(
      part('GET', 'GET', 'GET', 'HEAD', 'PUT'),
      part('/artifacts/', '/artifacts/', '/artifacts', '//artifacts/', '/artifacts/./', '/artifacts/../'),
      fc.array(
        part(
          'vmlinuz-x86_64',
          'small',
          'deep',
          'er',
          'initrd.img',
          'link',
          'way-out',
          'up',
          '..',
          '.',
          '%2e',
          '',
        ),
        { maxLength: 3 },
      ),
      part('1.1', '1.0'),
      fc.subarray(['Host: b', 'Accept: */*', 'Range: bytes=0-3', 'If-Match: *', 'Via: x', 'host: d']),
    );
    await fc.assert(
      fc.asyncProperty(request, async ([method, before, path, version, fields]) => {
        const start = `${method} ${before}${path.join('/')} HTTP/${version}`;
        const said = await ask(served.one, lines(start, ...fields, 'Connection: close'));
        const due = await ask(served.other, lines(start, ...fields, detour, 'Connection: close'));
        seen.add(said.direct);
        expectTheSame(said, due);
      }),
      {
        numRuns: 300,
        // Few requests made by chance are for the direct way.
        examples: [[['GET', '/artifacts/', ['vmlinuz-x86_64'], '1.1', ['Host: b', 'Accept: */*']]]],
      },
    );
    expect([...seen]).to.have.members([true, false]);
  });

  it('keeps the connection, or not, and answers a pipeline in its order, as the routes do', async () => {
    await using served = await serving();
    const [file, kept] = ['GET /artifacts/deep/er/initrd.img HTTP/1.1', 'Connection: keep-alive'];
    const [direct, plain] = await Promise.all(
      [[], [detour]].map((more) =>
        rawHttp(
          served.one.port,
          lines(file, ...iPxe, ...more, kept) +
            lines('GET /artifacts/nothing HTTP/1.1', ...iPxe, ...more, kept) +
            lines('GET /artifacts/boot.efi HTTP/1.1', ...iPxe, 'Range: bytes=5-9', kept) +
            lines(file, ...iPxe, ...more, 'Connection: close'),
        ),
      ),
    );
    expect(withoutDates(direct!)).to.deep.equal(withoutDates(plain!));
    expect(direct!.headers).to.include({ connection: 'keep-alive', 'keep-alive': 'timeout=30' });
    expect(direct!.body.length).to.be.greaterThan(2 * kernel.length);
  });

  it('gives each who asks what is there when he asks', async () => {
    await using served = await serving();
    const request = lines('GET /artifacts/boot.efi HTTP/1.1', ...iPxe, 'Connection: close');
    for (let version = 0; version < 5; version++) {
      await writeFile(`${served.folder}/new`, `version ${version}`);
      await rename(`${served.folder}/new`, `${served.folder}/boot.efi`);
      const said = await ask(served.one, request);
      expect(said.direct).to.equal(true);
      expect(said.answer.body).to.equal(`version ${version}`);
    }
  });
});
