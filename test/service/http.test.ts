// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that expands these.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, truncate, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect } from 'chai';
import { magicString } from '#shared/assets/ipxe-patch.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { type RunningHttp, rawHttp, runHttp } from '../support/http.ts';
import { type FakeMachines, fixedMachines, machine, notSynced } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const allowed = machine();
const forbidden = machine({
  name: 'forbidden',
  dhcp: { mac: parseMac('52:54:00:77:00:08')!, address: parseIp4('192.168.77.108') },
  netboot: { allowed: false },
});
const twins = ['52:54:00:77:00:0a', '52:54:00:77:00:0b'].map((mac) =>
  machine({ name: mac, dhcp: { mac: parseMac(mac)!, address: parseIp4('192.168.77.110') } }),
);
const known = fixedMachines([allowed, forbidden, ...twins]);

async function withHttp(
  flags: readonly string[],
  machines: FakeMachines,
  use: (http: RunningHttp) => Promise<void>,
): Promise<void> {
  await using http = await runHttp(flags, machines);
  await use(http);
}

const get = (port: number, path: string, headers: readonly string[] = []) =>
  rawHttp(
    port,
    [`GET ${path} HTTP/1.1`, 'Host: boot:8080', 'Connection: close', ...headers, '', ''].join('\r\n'),
  );

describe('services/http', () => {
  describe('scripts', () => {
    const spellings = [
      '/52:54:00:77:00:07/auto.ipxe',
      '/52-54-00-77-00-07/auto.ipxe',
      '/52.54.00.77.00.07/auto.ipxe',
      '/5254.0077.0007/auto.ipxe',
      '/52%3A54%3A00%3a77%3a00%3a07/auto.ipxe',
      '/ipxe/script/52:54:00:77:00:07/auto.ipxe',
      '/any/depth/at/all/52:54:00:77:00:07/auto.ipxe',
      '//52:54:00:77:00:07//auto.ipxe',
      '/52:54:00:77:00:07/auto.ipxe?a=b',
    ];
    for (const path of spellings) {
      it(`finds the machine in ${path}`, () =>
        withHttp([], known, async ({ port, line }) => {
          const answer = await get(port, path);
          expect(answer.status).to.equal(200);
          expect(answer.headers['content-type']).to.equal('text/plain; charset=utf-8');
          expect(answer.headers['cache-control']).to.equal('no-store');
          expect(answer.headers['content-length']).to.equal(String(answer.body.length));
          expect(String(answer.body))
            .to.match(/^#!ipxe\n/)
            .and.include('hw_addr=52:54:00:77:00:07');
          expect(await line(path.split('?')[0]!)).to.include({
            mac: '52:54:00:77:00:07',
            said: 'script',
            why: 'ok',
            detail: 'default',
            status: 200,
            method: 'GET',
            bytes: answer.body.length,
          });
        }));
    }

    it('gets iPXE 2 an address first when it asks for autoexec.ipxe beside its binary', () =>
      withHttp([], known, async ({ port }) => {
        for (const path of ['/ipxe/52:54:00:77:00:07/autoexec.ipxe', '/52-54-00-77-00-07/autoexec.ipxe']) {
          const script = String((await get(port, path)).body);
          expect(script.split('\n').slice(2, 4)).to.deep.equal([
            'echo smee: booting 52:54:00:77:00:07',
            'dhcp || exit 1',
          ]);
        }
        expect((await get(port, '/ipxe/52:54:00:77:00:08/autoexec.ipxe')).status).to.equal(403);
        expect((await get(port, '/autoexec.ipxe')).status).to.equal(404);
      }));

    it('names itself as the client did: in URLs and as the syslog host', () =>
      withHttp([], known, async ({ port }) => {
        const script = String((await get(port, '/52:54:00:77:00:07/auto.ipxe')).body);
        expect(script).to.include('set download-url http://boot:8080/artifacts\n');
        expect(script).to.include('syslog_host=boot ').and.include('nslookup syslog boot ||\n');
      }));

    it('names the address that was asked, when the client says no Host', () =>
      withHttp([], known, async ({ port }) => {
        const { body } = await rawHttp(port, 'GET /52:54:00:77:00:07/auto.ipxe HTTP/1.0\r\n\r\n');
        expect(String(body)).to.include(`set download-url http://127.0.0.1:${port}/artifacts\n`);
        expect(String(body)).to.include('set syslog 127.0.0.1 ||\n');
      }));

    const badHosts = { 'a Host that is none': ['Host: a b'], 'two of them': ['Host: a', 'Host: b'] };
    for (const [what, fields] of Object.entries(badHosts)) {
      it(`refuses ${what}`, () =>
        withHttp([], known, async ({ port }) => {
          const lines = ['GET /52:54:00:77:00:07/auto.ipxe HTTP/1.1', ...fields, 'Connection: close', '', ''];
          const answer = await rawHttp(port, lines.join('\r\n'));
          expect(answer.status).to.equal(400);
          expect(answer.headers['x-smee-reason']).to.equal('bad-request');
        }));
    }

    const refused: Record<string, [string, FakeMachines, number, string]> = {
      'an unknown machine': ['/52:54:00:00:00:99/auto.ipxe', known, 404, 'unknown-machine'],
      'a machine that may not boot': ['/52:54:00:77:00:08/auto.ipxe', known, 403, 'netboot-not-allowed'],
      'nobody at the source address': ['/auto.ipxe', known, 404, 'unknown-machine'],
      'before the records are here': ['/52:54:00:77:00:07/auto.ipxe', notSynced, 503, 'not-synced'],
      'an unsafe record': [
        '/52:54:00:77:00:07/auto.ipxe',
        fixedMachines([machine({ agentId: 'x\nshell' })]),
        500,
        'unsafe-record',
      ],
      'a URL that is none': [
        '/52:54:00:77:00:07/auto.ipxe',
        fixedMachines([machine({ netboot: { scriptUrl: 'ftp://x' } })]),
        500,
        'bad-script-url',
      ],
    };
    for (const [what, [path, machines, status, why]] of Object.entries(refused)) {
      it(`says ${status} ${why} to ${what}`, () =>
        withHttp([], machines, async ({ port, line }) => {
          const answer = await get(port, path);
          expect(answer.status).to.equal(status);
          expect(answer.headers['x-smee-reason']).to.equal(why);
          expect(String(answer.body)).to.match(new RegExp(`^${why}: [A-Z].*\n`));
          expect(answer.headers['retry-after']).to.equal(status === 503 ? '5' : undefined);
          expect(answer.headers['content-length']).to.equal(String(answer.body.length));
          expect(await line(path)).to.include({ why, status, said: 'script' });
        }));
    }

    it('keeps the operator’s secrets in the body: not in the log, not in the metrics', () =>
      withHttp(
        ['--extra-kernel-args=registry_password=hunter2'],
        known,
        async ({ port, log, line, metrics }) => {
          const answer = await get(port, '/52:54:00:77:00:07/auto.ipxe');
          expect(String(answer.body)).to.include('registry_password=hunter2');
          await line('/52:54:00:77:00:07/auto.ipxe');
          expect(JSON.stringify(log) + (await metrics.metrics())).not.to.include('hunter2');
        },
      ));

    it('is off when it is switched off', () =>
      withHttp(['--http-ipxe-script-enabled=false'], known, async ({ port }) => {
        expect((await get(port, '/52:54:00:77:00:07/auto.ipxe')).status).to.equal(404);
      }));

    describe('in auto-proxy mode', () => {
      const autoProxy = ['--dhcp-mode=auto-proxy', '--extra-kernel-args=registry_password=hunter2'];

      it('gives who has no record a script for any machine', () =>
        withHttp(autoProxy, known, async ({ port, line, log, metrics }) => {
          for (const path of ['/52:54:00:00:00:99/auto.ipxe', '/auto.ipxe']) {
            const answer = await get(port, path);
            expect(answer.status).to.equal(200);
            expect(String(answer.body))
              .to.include('set download-url http://boot:8080/artifacts\n')
              .and.include('worker_id=${mac} hw_addr=${mac} ')
              .and.include('registry_password=hunter2 initrd=initramfs-${arch} ');
            expect(await line(path)).to.include({ said: 'script', why: 'ok', detail: 'any' });
          }
          expect(await line('/52:54:00:00:00:99/auto.ipxe')).to.include({ mac: '52:54:00:00:00:99' });
          expect(JSON.stringify(log) + (await metrics.metrics())).not.to.include('hunter2');
        }));

      it('gives who has one its own, and who may not boot none', () =>
        withHttp(autoProxy, known, async ({ port }) => {
          const own = await get(port, '/52:54:00:77:00:07/auto.ipxe');
          expect(String(own.body)).to.include('hw_addr=52:54:00:77:00:07');
          expect((await get(port, '/52:54:00:77:00:08/auto.ipxe')).status).to.equal(403);
        }));

      it('waits for the records, which may forbid it', () =>
        withHttp(autoProxy, notSynced, async ({ port }) => {
          expect((await get(port, '/52:54:00:00:00:99/auto.ipxe')).status).to.equal(503);
        }));

      it('gives strangers nothing in proxy mode', () =>
        withHttp(['--dhcp-mode=proxy'], known, async ({ port }) => {
          expect((await get(port, '/52:54:00:00:00:99/auto.ipxe')).status).to.equal(404);
        }));
    });

    describe('by source address', () => {
      const trusted = '--trusted-proxies=127.0.0.0/8,10.9.9.9';
      const rows: Record<string, [string[], string[], number, string | undefined]> = {
        'takes it from a trusted proxy': [[trusted], ['X-Forwarded-For: 192.168.77.107'], 200, undefined],
        'takes it mapped into IPv6': [[trusted], ['X-Forwarded-For: ::ffff:192.168.77.107'], 200, undefined],
        'takes the last address that is no proxy': [
          [trusted],
          ['X-Forwarded-For: 192.168.77.107, 10.9.9.9'],
          200,
          undefined,
        ],
        'does not believe what the client itself wrote before': [
          [trusted],
          ['X-Forwarded-For: 192.168.77.107, 192.168.77.200'],
          404,
          'unknown-machine',
        ],
        'reads several fields as one list': [
          [trusted],
          ['X-Forwarded-For: 192.168.77.107', 'X-Forwarded-For: 192.168.77.200'],
          404,
          'unknown-machine',
        ],
        'believes nobody by default': [[], ['X-Forwarded-For: 192.168.77.107'], 404, 'unknown-machine'],
        'does not believe a peer that is no proxy': [
          ['--trusted-proxies=10.9.9.9'],
          ['X-Forwarded-For: 192.168.77.107'],
          404,
          'unknown-machine',
        ],
        'finds nobody in nonsense': [
          [trusted],
          ['X-Forwarded-For: 192.168.77.107, x'],
          404,
          'unknown-machine',
        ],
        'ignores other names for the client': [
          [trusted],
          ['X-Real-IP: 192.168.77.107', 'Forwarded: for=192.168.77.107'],
          404,
          'unknown-machine',
        ],
        'tells no machine that may not boot': [
          [trusted],
          ['X-Forwarded-For: 192.168.77.108'],
          403,
          'netboot-not-allowed',
        ],
        'does not guess between two': [
          [trusted],
          ['X-Forwarded-For: 192.168.77.110'],
          409,
          'ambiguous-machine',
        ],
      };
      for (const [what, [flags, headers, status, why]] of Object.entries(rows)) {
        for (const path of ['/auto.ipxe', '/ipxe/script/auto.ipxe']) {
          it(`${what} (${path})`, () =>
            withHttp(flags, known, async ({ port }) => {
              const answer = await get(port, path, headers);
              expect(answer.status).to.equal(status);
              expect(answer.headers['x-smee-reason']).to.equal(why);
              if (status === 200) expect(String(answer.body)).to.include('hw_addr=52:54:00:77:00:07');
            }));
        }
      }
    });
  });

  it('limits the lines that strangers can cause, and counts them all', () =>
    withHttp([], known, async ({ port, log, metrics }) => {
      const seven = 'GET /52:54:00:00:00:99/auto.ipxe HTTP/1.1\r\nHost: b\r\n\r\n'.repeat(7);
      for (let sent = 8; sent < 1000; sent += 8)
        await rawHttp(port, `${seven}GET /52:54:00:00:00:99/auto.ipxe HTTP/1.0\r\n\r\n`);
      await rawHttp(port, `${seven}GET /52:54:00:77:00:07/auto.ipxe HTTP/1.0\r\n\r\n`);
      const lines = log.filter(({ said }) => said === 'script');
      expect(lines.length).to.be.greaterThan(200).and.lessThan(500);
      expect(lines.at(-1)).to.include({ why: 'ok', mac: '52:54:00:77:00:07' });
      const suppressed = lines.reduce((sum, line) => sum + Number(line.suppressed ?? 0), 0);
      expect(lines.length + suppressed).to.equal(1000);
      expect(await metrics.metrics()).to.include(
        'smee_http_answers_total{said="script",status="404",why="unknown-machine"} 999',
      );
    }));

  describe('loaders', () => {
    const plain = Buffer.from('MZ an EFI binary');
    const carrier = Buffer.concat([Buffer.from('before'), magicString, Buffer.from('after')]);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    async function withLoaders(flags: readonly string[], use: (http: RunningHttp) => Promise<void>) {
      await using folder = await temporaryFolder();
      await writeFile(`${folder.path}/snponly.efi`, plain);
      await writeFile(`${folder.path}/undionly.kpxe`, carrier);
      await withHttp([`--ipxe-dir=${folder.path}`, ...flags], known, use);
    }

    const paths = [
      '/ipxe/snponly.efi',
      '/ipxe/binary/snponly.efi',
      '/ipxe/52:54:00:77:00:07/snponly.efi',
      '/ipxe/binary/52-54-00-77-00-07/snponly.efi',
      '/ipxe/52:54:00:00:00:99/snponly.efi',
      `/ipxe/52:54:00:77:00:07/snponly.efi-${traceparent}`,
      '//ipxe//snponly.efi',
    ];
    for (const path of paths) {
      it(`serves ${path}`, () =>
        withLoaders([], async ({ port, line }) => {
          const answer = await get(port, path);
          expect(answer.status).to.equal(200);
          expect(answer.body.equals(plain)).to.equal(true);
          expect(answer.headers).to.include({
            'content-type': 'application/efi',
            'content-length': String(plain.length),
          });
          expect(await line(path)).to.include({ said: 'loader', why: 'ok', bytes: plain.length });
        }));
    }

    it('writes the patch over the magic string', () =>
      withLoaders(['--ipxe-script-patch=set user-class Tinkerbell'], async ({ port }) => {
        const { body } = await get(port, '/ipxe/undionly.kpxe');
        expect(body.length).to.equal(carrier.length);
        expect(String(body)).to.match(/^beforeset user-class Tinkerbell +after$/);
      }));

    const refused: Record<string, [string, number, string]> = {
      'a machine that may not boot': ['/ipxe/52:54:00:77:00:08/snponly.efi', 403, 'netboot-not-allowed'],
      'a loader that is not there': ['/ipxe/snp-arm64.efi', 404, 'loader-missing'],
      'a file that is no loader': ['/ipxe/passwd', 404, 'not-found'],
      'the folder itself': ['/ipxe/', 404, 'not-found'],
    };
    for (const [what, [path, status, why]] of Object.entries(refused)) {
      it(`says ${status} ${why} to ${what}`, () =>
        withLoaders([], async ({ port }) => {
          const answer = await get(port, path);
          expect(answer.status).to.equal(status);
          expect(answer.headers['x-smee-reason']).to.equal(why);
        }));
    }

    it('is off when it is switched off', () =>
      withLoaders(['--http-ipxe-binary-enabled=false'], async ({ port }) => {
        expect((await get(port, '/ipxe/snponly.efi')).status).to.equal(404);
      }));
  });

  describe('what UEFI HTTP Boot needs', () => {
    const paths = ['/ipxe/snponly.efi', '/artifacts/vmlinuz', '/52:54:00:77:00:07/auto.ipxe', '/nothing'];
    const requests: Record<string, (method: string, path: string) => string> = {
      'HTTP/1.0 without a Host': (method, path) => `${method} ${path} HTTP/1.0\r\n\r\n`,
      'HTTP/1.1 without a Host': (method, path) => `${method} ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`,
      'a doubled slash': (method, path) =>
        `${method} /${path} HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n`,
      EDK2: (method, path) =>
        `${method} ${path} HTTP/1.1\r\nHost: 192.168.77.1:8080\r\nAccept: */*\r\nUser-Agent: UefiHttpBoot/1.0\r\nConnection: close\r\n\r\n`,
    };
    for (const [what, request] of Object.entries(requests)) {
      for (const path of paths) {
        it(`${what}: HEAD and GET of ${path} say the same length, whole, at once`, async () => {
          await using folder = await temporaryFolder();
          await writeFile(`${folder.path}/vmlinuz`, 'kernel');
          await writeFile(`${folder.path}/snponly.efi`, 'loader');
          const flags = [`--artifact-dir=${folder.path}`, `--ipxe-dir=${folder.path}`];
          await withHttp(flags, known, async ({ port }) => {
            const head = await rawHttp(port, request('HEAD', path));
            const body = await rawHttp(port, request('GET', path));
            expect(head.body.length).to.equal(0);
            expect(Number(head.headers['content-length'])).to.equal(body.body.length);
            expect(body.body.length).to.be.greaterThan(0);
            expect(body.headers['content-length']).to.equal(head.headers['content-length']);
            for (const { status, headers, statusLine } of [head, body]) {
              expect(status).to.equal(path === '/nothing' ? 404 : 200);
              expect(statusLine).to.match(/^HTTP\/1\.1 /);
              expect(headers).not.to.have.any.keys('transfer-encoding', 'location', 'content-encoding');
            }
          });
        });
      }
    }
  });

  describe('artifacts', () => {
    const bytes = Buffer.alloc(300_000, 'kernel and initrd ');
    const whole = createHash('sha256').update(bytes).digest('hex');

    async function withArtifacts(use: (http: RunningHttp, folder: string) => Promise<void>) {
      await using folder = await temporaryFolder();
      await mkdir(`${folder.path}/hook`);
      await writeFile(`${folder.path}/hook/vmlinuz`, bytes);
      await writeFile(`${folder.path}/empty`, '');
      await withHttp([`--artifact-dir=${folder.path}`], known, (http) => use(http, folder.path));
    }

    it('serves a file byte for byte', () =>
      withArtifacts(async ({ port, line }) => {
        const answer = await get(port, '/artifacts/hook/vmlinuz');
        expect(createHash('sha256').update(answer.body).digest('hex')).to.equal(whole);
        expect(answer.headers).to.include({
          'content-length': String(bytes.length),
          'accept-ranges': 'bytes',
          'content-type': 'application/octet-stream',
        });
        expect(answer.headers.etag).to.match(/^W\/"/);
        expect(answer.headers['last-modified']).to.match(/GMT$/);
        expect(await line('/artifacts/hook/vmlinuz')).to.include({ said: 'artifact', bytes: bytes.length });
      }));

    it('serves an empty file', () =>
      withArtifacts(async ({ port }) => {
        const answer = await get(port, '/artifacts/empty');
        expect(answer).to.include({ status: 200 });
        expect(answer.headers['content-length']).to.equal('0');
        expect(answer.body.length).to.equal(0);
      }));

    it('never compresses', () =>
      withArtifacts(async ({ port }) => {
        const answer = await get(port, '/artifacts/hook/vmlinuz', ['Accept-Encoding: gzip, br, zstd']);
        expect(answer.headers['content-encoding']).to.equal(undefined);
        expect(answer.body.length).to.equal(bytes.length);
      }));

    const ranges: Record<string, [string, number, string | undefined, [number, number]]> = {
      'the first ten': ['bytes=0-9', 206, 'bytes 0-9/300000', [0, 10]],
      'from the middle to the end': ['bytes=299990-', 206, 'bytes 299990-299999/300000', [299_990, 300_000]],
      'the last ten': ['bytes=-10', 206, 'bytes 299990-299999/300000', [299_990, 300_000]],
      'more than there is': ['bytes=299999-999999', 206, 'bytes 299999-299999/300000', [299_999, 300_000]],
      'several ranges: the whole file, as RFC 9110 §14.2 allows': [
        'bytes=0-1,10-11',
        200,
        undefined,
        [0, 300_000],
      ],
      'another unit: the whole file': ['lines=1-2', 200, undefined, [0, 300_000]],
    };
    for (const [what, [range, status, contentRange, [start, end]]] of Object.entries(ranges)) {
      it(`serves ${what}`, () =>
        withArtifacts(async ({ port }) => {
          const answer = await get(port, '/artifacts/hook/vmlinuz', [`Range: ${range}`]);
          expect(answer.status).to.equal(status);
          expect(answer.headers['content-range']).to.equal(contentRange);
          expect(answer.body.equals(bytes.subarray(start, end))).to.equal(true);
        }));
    }

    for (const range of ['bytes=300000-', 'bytes=300001-300002', 'bytes=-0']) {
      it(`says 416 and the length to ${range}`, () =>
        withArtifacts(async ({ port }) => {
          const answer = await get(port, '/artifacts/hook/vmlinuz', [`Range: ${range}`]);
          expect(answer.status).to.equal(416);
          expect(answer.headers).to.include({
            'content-range': 'bytes */300000',
            'x-smee-reason': 'range-not-satisfiable',
          });
        }));
    }

    it('takes a hostile Range header in linear time', () =>
      withArtifacts(async ({ port }) => {
        const hostile = [
          '0-,'.repeat(4000),
          `${' '.repeat(12_000)}x`,
          `${'-'.repeat(12_000)}`,
          '9'.repeat(12_000),
        ];
        for (const range of hostile) {
          const before = performance.now();
          const { status } = await get(port, '/artifacts/hook/vmlinuz', [`Range: bytes=${range}`]);
          expect(status).to.be.oneOf([200, 206, 416]);
          expect(performance.now() - before).to.be.lessThan(1000);
        }
      }));

    it('answers conditional requests by ETag and by date', () =>
      withArtifacts(async ({ port }, folder) => {
        await utimes(`${folder}/hook/vmlinuz`, new Date(), new Date('2026-01-02T03:04:05Z'));
        const path = '/artifacts/hook/vmlinuz';
        const { etag = '', 'last-modified': date = '' } = (await get(port, path)).headers;
        expect(date).to.equal('Fri, 02 Jan 2026 03:04:05 GMT');
        const rows: [string[], number, number][] = [
          [[`If-None-Match: ${etag}`], 304, 0],
          [['If-None-Match: *'], 304, 0],
          [['If-None-Match: "other"'], 200, bytes.length],
          [[`If-Modified-Since: ${date}`], 304, 0],
          [['If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT'], 200, bytes.length],
          [['If-Unmodified-Since: Thu, 01 Jan 2026 00:00:00 GMT'], 412, -1],
          [['If-Match: "other"'], 412, -1],
          [[`If-Range: ${date}`, 'Range: bytes=0-9'], 206, 10],
          [['If-Range: Thu, 01 Jan 2026 00:00:00 GMT', 'Range: bytes=0-9'], 200, bytes.length],
          [['If-Range: "other"', 'Range: bytes=0-9'], 200, bytes.length],
        ];
        for (const [headers, status, length] of rows) {
          const answer = await get(port, path, headers);
          expect(answer.status, headers.join()).to.equal(status);
          if (length >= 0) expect(answer.body.length, headers.join()).to.equal(length);
        }
      }));

    it('says the length of a range to HEAD', () =>
      withArtifacts(async ({ port }) => {
        const request = [
          'HEAD /artifacts/hook/vmlinuz HTTP/1.1',
          'Range: bytes=5-9',
          'Connection: close',
          '',
          '',
        ];
        const answer = await rawHttp(port, request.join('\r\n'));
        expect(answer.headers).to.include({ 'content-length': '5', 'content-range': 'bytes 5-9/300000' });
        expect(answer.body.length).to.equal(0);
      }));

    it('breaks the connection when a file shrinks while it is read, and says so in the log', async () => {
      await using folder = await temporaryFolder();
      const size = 64 * 1024 * 1024;
      await writeFile(`${folder.path}/big`, '');
      await truncate(`${folder.path}/big`, size);
      await withHttp([`--artifact-dir=${folder.path}`], known, async ({ port, line }) => {
        const socket = connect(port, '127.0.0.1');
        socket.write('GET /artifacts/big HTTP/1.1\r\nHost: b\r\n\r\n');
        socket.on('error', () => {});
        await once(socket, 'data');
        socket.pause();
        await truncate(`${folder.path}/big`, 1024);
        socket.resume();
        await once(socket, 'close');
        expect(await line('/artifacts/big')).to.include({ why: 'file-changed' });
      });
    });

    it('counts a client that goes away as aborted, with what it took', async () => {
      await using folder = await temporaryFolder();
      const size = 64 * 1024 * 1024;
      await writeFile(`${folder.path}/big`, '');
      await truncate(`${folder.path}/big`, size);
      await withHttp([`--artifact-dir=${folder.path}`], known, async ({ port, line, metrics }) => {
        const socket = connect(port, '127.0.0.1');
        socket.write('GET /artifacts/big HTTP/1.1\r\nHost: b\r\n\r\n');
        await once(socket, 'data');
        socket.destroy();
        const said = await line('/artifacts/big');
        expect(said.why).to.equal('aborted');
        expect(said.peer).to.match(/^127\.0\.0\.1:\d+$/);
        expect(said.bytes).to.be.greaterThan(0).and.lessThan(size);
        expect(await metrics.metrics()).to.match(
          /smee_http_answers_total\{said="artifact",status="200",why="aborted"\} 1/,
        );
        expect(await metrics.metrics()).to.match(/smee_http_in_flight 0/);
      });
    });
  });

  it('accounts for clients that leave while their answer is being prepared', async () => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/kernel`, Buffer.alloc(1_000_000));
    await withHttp([`--artifact-dir=${folder.path}`], known, async ({ port, log, metrics }) => {
      const clients = Array.from({ length: 20 }, async () => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => {});
        await once(socket, 'connect');
        socket.write('GET /artifacts/kernel HTTP/1.1\r\nHost: b\r\n\r\n');
        await new Promise(setImmediate);
        socket.resetAndDestroy();
      });
      await Promise.all(clients);
      const lines = () => log.filter(({ file }) => file === '/artifacts/kernel');
      await until('a line about each', () => lines().length === clients.length);
      for (const line of lines()) {
        expect(line.why).to.equal('aborted');
        expect(line.peer).to.match(/^(127\.0\.0\.1:\d+|gone)$/);
      }
      expect(await metrics.metrics()).to.match(/smee_http_in_flight 0/);
    });
  });

  describe('requests that are none', () => {
    const rows: Record<string, [string | Buffer, number]> = {
      'no HTTP at all': ['\x16\x03\x01\x02\x00\x01\x00\x01', 400],
      'a method that is none': ['BREW / HTTP/1.1\r\n\r\n', 400],
      'a control character in the target': ['GET /a\x01b HTTP/1.1\r\n\r\n', 400],
      'headers without end': [`GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
      'a target longer than any of ours': [`GET /${'a'.repeat(5000)} HTTP/1.0\r\n\r\n`, 414],
      'an escape that is none': ['GET /%zz HTTP/1.0\r\n\r\n', 400],
      'an escape that is no UTF-8': ['GET /artifacts/%ff HTTP/1.0\r\n\r\n', 400],
      'two lengths': ['GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
      'a length and chunks': [
        'GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        400,
      ],
      'a write': ['PUT /artifacts/x HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc', 405],
      'a form': [
        'POST / HTTP/1.1\r\nConnection: close\r\nContent-Type: a/b\r\nContent-Length: 1\r\n\r\na',
        405,
      ],
      'a deletion': ['DELETE /artifacts/x HTTP/1.0\r\n\r\n', 405],
      options: ['OPTIONS * HTTP/1.0\r\n\r\n', 405],
    };
    for (const [what, [request, status]] of Object.entries(rows)) {
      it(`says ${status} to ${what}, in text, without a word about our insides`, () =>
        withHttp([], known, async ({ port, url }) => {
          const answer = await rawHttp(port, request);
          expect(answer.status).to.equal(status);
          expect(answer.headers['content-type']).to.match(/^text\/plain/);
          expect(answer.headers['content-length']).to.equal(String(answer.body.length));
          expect(String(answer.body)).not.to.match(/node_modules|\.ts|FST_|at /);
          expect((await fetch(`${url}/healthz`)).status, 'still answers').to.equal(200);
        }));
    }

    it('names the machine at the source address in the log', () => {
      const here = fixedMachines([machine({ dhcp: { address: parseIp4('127.0.0.1') } })]);
      return withHttp([], here, async ({ port, log }) => {
        await rawHttp(port, 'BREW / HTTP/1.1\r\n\r\n');
        expect(log.filter(({ why }) => why === 'bad-request').map(({ mac }) => mac)).to.deep.equal([
          '52:54:00:77:00:07',
        ]);
      });
    });

    it('says nothing of a connection that is dropped after its answer, as EDK2 does', () =>
      withHttp([], known, async ({ port, log, url, metrics }) => {
        const socket = connect(port, '127.0.0.1');
        socket.write('GET /healthz HTTP/1.1\r\nHost: b\r\n\r\n');
        await once(socket, 'data');
        socket.resetAndDestroy();
        expect((await fetch(`${url}/healthz`)).status, 'still answers').to.equal(200);
        expect(log.filter(({ msg }) => msg !== 'listening')).to.deep.equal([]);
        expect(await metrics.metrics()).not.to.match(/malformed_total\{[^}]*\} [1-9]/);
      }));

    it('says which methods there are', () =>
      withHttp([], known, async ({ port }) => {
        const answer = await rawHttp(port, 'PUT / HTTP/1.0\r\n\r\n');
        expect(answer.headers.allow).to.equal('GET, HEAD');
      }));

    it('says 500 and no more when something breaks inside', async () => {
      const broken: FakeMachines = {
        ...known,
        byMac: () => {
          throw new Error('index broken at /srv/smee/secret.ts');
        },
      };
      await withHttp([], broken, async ({ port, log, line }) => {
        const answer = await get(port, '/52:54:00:77:00:07/auto.ipxe');
        expect(answer.status).to.equal(500);
        expect(answer.headers['x-smee-reason']).to.equal('internal-error');
        expect(String(answer.body))
          .to.match(/^internal-error: /)
          .and.not.include('secret');
        expect(await line('/52:54:00:77:00:07/auto.ipxe')).to.include({ status: 500, why: 'internal-error' });
        expect(log.some(({ error }) => String(error).includes('index broken'))).to.equal(true);
      });
    });

    it('survives every prefix of a request', () =>
      withHttp([], known, async ({ port, url }) => {
        const request = 'GET /52:54:00:77:00:07/auto.ipxe HTTP/1.1\r\nHost: boot\r\n\r\n';
        for (let length = 0; length < request.length; length++) {
          const socket = connect(port, '127.0.0.1');
          socket.on('error', () => {});
          socket.end(request.slice(0, length));
          socket.resume();
          await once(socket, 'close');
        }
        expect((await fetch(`${url}/healthz`)).status).to.equal(200);
      }));
  });

  describe('operations', () => {
    it('is alive, ready and measured on the same port', () =>
      withHttp(['--git-rev=abc123'], known, async ({ url }) => {
        expect((await fetch(`${url}/healthz`)).status).to.equal(200);
        expect((await fetch(`${url}/readyz`)).status).to.equal(200);
        expect(await (await fetch(`${url}/metrics`)).text()).to.include('smee_http_answers_total');
        const health = (await (await fetch(`${url}/healthcheck`)).json()) as Record<string, unknown>;
        expect(health).to.have.all.keys('git_rev', 'uptime', 'uptime_seconds');
        expect(health.git_rev).to.equal('abc123');
        expect(health.uptime).to.be.a('number').and.greaterThan(0);
      }));

    it('is not ready before the records are here', () =>
      withHttp([], notSynced, async ({ url }) => {
        const answer = await fetch(`${url}/readyz`);
        expect(answer.status).to.equal(503);
        expect(await answer.json()).to.deep.equal({ ready: false, why: 'no hardware records yet' });
      }));

    it('listens on several addresses, and answers everywhere alike', () =>
      withHttp(['--http-addr=127.0.0.1,127.0.0.2'], known, async ({ addresses, log }) => {
        expect(addresses.map(({ host }) => host)).to.deep.equal(['127.0.0.1', '127.0.0.2']);
        for (const { host, port } of addresses) {
          const answer = await fetch(`http://${host}:${port}/52:54:00:77:00:07/auto.ipxe`);
          expect(answer.status).to.equal(200);
          expect(await answer.text()).to.include(`set download-url http://${host}:${port}/artifacts\n`);
        }
        expect(log.filter(({ said }) => said === 'script')).to.have.length(2);
      }));

    it('says which address it cannot have, and leaves none behind', () =>
      withHttp([], known, async ({ port }) => {
        const error = await runHttp(['--http-addr=127.0.0.9,127.0.0.1', `--http-port=${port}`], known).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error).to.be.an.instanceOf(Error).with.property('code', 'EADDRINUSE');
        expect(String(error)).to.include(`HTTP on 127.0.0.1:${port}`);
        const left = await fetch(`http://127.0.0.9:${port}/healthz`).catch(() => 'refused');
        expect(left).to.equal('refused');
      }));

    it('finishes what is in flight when it stops, and takes nothing new', async () => {
      await using folder = await temporaryFolder();
      const size = 32 * 1024 * 1024;
      await writeFile(`${folder.path}/big`, '');
      await truncate(`${folder.path}/big`, size);
      const http = await runHttp([`--artifact-dir=${folder.path}`], known);
      const idle = connect(http.port, '127.0.0.1');
      idle.resume();
      await once(idle, 'connect');
      const socket = connect(http.port, '127.0.0.1');
      socket.write('GET /artifacts/big HTTP/1.1\r\nHost: b\r\n\r\n');
      let received = 0;
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      await once(socket, 'data');
      socket.pause();
      const stopped = http[Symbol.asyncDispose]();
      await once(idle, 'close');
      expect(await fetch(`${http.url}/healthz`).catch(() => 'refused')).to.equal('refused');
      socket.resume();
      await once(socket, 'close');
      await stopped;
      expect(received).to.be.greaterThan(size);
    });
  });
});
