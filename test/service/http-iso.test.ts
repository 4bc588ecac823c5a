import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Agent, request as httpRequest, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { mock } from 'node:test';
import { expect } from 'chai';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { mountLimits, upstreamLimits } from '../../services/http/iso/limits.ts';
import { hookMagicString } from '../../services/http/wire/hook-magic.ts';
import { type RunningHttp, rawHttp, runHttp } from '../support/http.ts';
import { type FakeMachines, fixedMachines, machine, notSynced } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import {
  type RunningUpstream,
  runUpstream,
  serveBytes,
  serveSparse,
  sparseFile,
} from '../support/upstream.ts';

const path = '/iso/52:54:00:77:00:07/hook.iso';
const args =
  'console=ttyAMA0 console=ttyS0 console=tty0 console=tty1 console=ttyS1 hw_addr=52:54:00:77:00:07 ' +
  'syslog_host=192.168.77.1 grpc_authority= tinkerbell_tls=false worker_id=52:54:00:77:00:07';
const patch = args.padEnd(hookMagicString.length);
const forbidden = machine({
  dhcp: { mac: parseMac('52:54:00:77:00:08')!, address: parseIp4('192.168.77.108') },
  netboot: { allowed: false },
});

/** An ISO of a few kilobytes with two slots in it, and what a machine gets for it. */
const iso = Buffer.from(`ISO ${hookMagicString} and ${'x'.repeat(5000)}${hookMagicString}!`);
const patchedIso = Buffer.from(`ISO ${patch} and ${'x'.repeat(5000)}${patch}!`);

async function start(
  upstream: Pick<RunningUpstream, 'url'>,
  flags: readonly string[] = [],
  machines: FakeMachines = fixedMachines([machine(), forbidden]),
): Promise<RunningHttp> {
  return await runHttp(
    ['--iso-enabled', `--iso-url=${upstream.url}/hook.iso`, '--dhcp-syslog-ip=192.168.77.1', ...flags],
    machines,
  );
}

const ask = (port: number, target: string, fields: readonly string[] = [], method = 'GET') =>
  rawHttp(
    port,
    [`${method} ${target} HTTP/1.1`, 'Host: boot', 'Connection: close', ...fields, '', ''].join('\r\n'),
  );

/** One answer over a kept connection, as a BMC asks. */
function fetchRange(port: number, agent: Agent, start: number, end: number): Promise<[number, Buffer]> {
  const { promise, resolve, reject } = Promise.withResolvers<[number, Buffer]>();
  const headers = { range: `bytes=${start}-${end - 1}` };
  httpRequest({ port, host: '127.0.0.1', path, agent, headers }, (answer) => {
    const pieces: Buffer[] = [];
    answer.on('data', (piece: Buffer) => pieces.push(piece));
    answer.on('end', () => resolve([answer.statusCode ?? 0, Buffer.concat(pieces)]));
    answer.on('error', reject);
  })
    .on('error', reject)
    .end();
  return promise;
}

/** A range of a file, patched by somebody who knows the places. */
async function expected(
  file: string,
  places: readonly number[],
  start: number,
  end: number,
): Promise<Buffer> {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
  for (const place of places) {
    for (let at = 0; at < patch.length; at++) {
      const to = place + at - start;
      if (to >= 0 && to < buffer.length) buffer[to] = patch.charCodeAt(at);
    }
  }
  return buffer;
}

describe('services/http: patched ISOs', () => {
  it('writes the kernel arguments over the magic string, padded with spaces, in the whole and in every part', async () => {
    await using upstream = await runUpstream(serveBytes(iso));
    await using http = await start(upstream);
    const whole = await ask(http.port, path);
    expect(whole.status).to.equal(200);
    expect(whole.headers).to.include({
      'content-length': String(iso.length),
      'content-type': 'application/vnd.efi-iso',
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
    });
    expect(whole.body.equals(patchedIso)).to.equal(true);
    for (const [from, to] of [
      [0, 3],
      [3, 20],
      [1000, 1100],
      [1027, 1029],
      [6040, 7057],
    ] as const) {
      const part = await ask(http.port, path, [`Range: bytes=${from}-${to}`]);
      expect(part.status).to.equal(206);
      expect(part.headers['content-range']).to.equal(`bytes ${from}-${to}/${iso.length}`);
      expect(String(part.body)).to.equal(String(patchedIso.subarray(from, to + 1)));
    }
  });

  it('answers 3 000 random ranges of a 5 GB ISO as the patched whole, over two upstream connections, in flat memory', async function () {
    this.timeout(120_000);
    await using folder = await temporaryFolder();
    const file = `${folder.path}/hook.iso`;
    const size = 5 * 2 ** 30;
    // At the start, on borders of what is read at once, back to back, beyond 4 GiB, and at the end.
    const length = hookMagicString.length;
    const places = [
      0,
      65_536 - 1,
      2 ** 20 - 500,
      2 ** 20 - 500 + length,
      2 ** 31 - 700,
      2 ** 32 + 12_345,
      size - length,
    ];
    await sparseFile(file, size, hookMagicString, places);
    await using upstream = await runUpstream(serveSparse(file, places, length));
    await using http = await start(upstream);
    using agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 1 }), {
      [Symbol.dispose]() {
        agent.destroy();
      },
    });

    const before = process.memoryUsage.rss();
    let highest = before;
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 0x7fff_ffff;
      return Math.floor((seed / 0x7fff_ffff) * below);
    };
    for (let at = 0; at < 3000; at++) {
      // Half of them where something is to be patched.
      const near = at % 2 === 0 ? (places[random(places.length)] ?? 0) - 3000 + random(4000) : random(size);
      const from = Math.min(Math.max(0, near), size - 1);
      const to = Math.min(size, from + 1 + random(at % 100 === 0 ? 1_000_000 : 8192));
      const [status, body] = await fetchRange(http.port, agent, from, to);
      expect(status).to.equal(206);
      if (!body.equals(await expected(file, places, from, to))) expect.fail(`bytes ${from} to ${to}`);
      highest = Math.max(highest, process.memoryUsage.rss());
    }
    // The index is complete by the end, or soon after; the ranges are as exact with it as they were without.
    await until('the index', () => http.log.some(({ places: found }) => found === places.length), 60_000);
    for (const place of places) {
      const from = Math.max(0, place - 10);
      const [, body] = await fetchRange(http.port, agent, from, Math.min(from + 2000, size));
      expect(body.equals(await expected(file, places, from, from + body.length))).to.equal(true);
    }
    expect(upstream.connections()).to.be.at.most(2);
    expect(highest - before).to.be.lessThan(250 * 2 ** 20);
  });

  describe('who gets which answer', () => {
    const machines = fixedMachines([
      machine(),
      forbidden,
      machine({ dhcp: { mac: parseMac('52:54:00:77:00:09')! }, facility: 'x\nconsole=ttyS0' }),
      machine({ dhcp: { mac: parseMac('52:54:00:77:00:0a')! }, facility: `lab ${'y'.repeat(1000)}` }),
      machine({ dhcp: { mac: parseMac('52:54:00:77:00:0b')! }, isoSource: 'file:///etc/passwd' }),
    ]);
    const rows: Record<string, [target: string, status: number, why: string, machines?: FakeMachines]> = {
      'a path without a MAC': ['/iso/hook.iso', 400, 'bad-request'],
      'a MAC that is none': ['/iso/52:54:00/hook.iso', 400, 'bad-request'],
      'an unknown machine': ['/iso/52:54:00:00:00:99/hook.iso', 404, 'unknown-machine'],
      'a name that is no ISO': ['/iso/52:54:00:77:00:07/hook.img', 404, 'not-found'],
      'a machine that may not boot': ['/iso/52:54:00:77:00:08/hook.iso', 403, 'netboot-not-allowed'],
      'before the records are here': [path, 503, 'not-synced', notSynced],
      'a record with a line break in it': ['/iso/52:54:00:77:00:09/hook.iso', 500, 'unsafe-record'],
      'a patch longer than the magic string': ['/iso/52:54:00:77:00:0a/hook.iso', 500, 'patch-too-long'],
      'a source that is neither http nor https': ['/iso/52:54:00:77:00:0b/hook.iso', 400, 'no-iso-source'],
    };
    for (const [what, [target, status, why, others]] of Object.entries(rows)) {
      it(`says ${status} ${why} to ${what}, and asks no upstream`, async () => {
        await using upstream = await runUpstream(serveBytes(iso));
        await using http = await start(upstream, [], others ?? machines);
        const answer = await ask(http.port, target);
        expect(answer.status).to.equal(status);
        expect(answer.headers['x-smee-reason']).to.equal(why);
        expect(String(answer.body)).to.match(new RegExp(`^${why}: [A-Z]`));
        expect(upstream.requests).to.deep.equal([]);
        expect(await http.line(target)).to.include({ why, status, said: 'iso' });
      });
    }

    it('says 400 no-iso-source when neither the record nor a setting names an ISO', async () => {
      await using http = await runHttp(['--iso-enabled'], fixedMachines([machine()]));
      const answer = await ask(http.port, path);
      expect([answer.status, answer.headers['x-smee-reason']]).to.deep.equal([400, 'no-iso-source']);
    });

    it('is off unless it is switched on', async () => {
      await using http = await runHttp([], fixedMachines([machine()]));
      expect((await ask(http.port, path)).status).to.equal(404);
    });

    it('takes the record’s own ISO before everybody’s, at any name and depth', async () => {
      await using upstream = await runUpstream(serveBytes(Buffer.from('everybody’s')));
      await using own = await runUpstream(serveBytes(Buffer.from('its own')));
      await using http = await start(
        upstream,
        [],
        fixedMachines([machine({ isoSource: `${own.url}/my.iso` })]),
      );
      for (const target of ['/iso/52-54-00-77-00-07/any.iso', '//iso/a/b/52:54:00:77:00:07/x.iso?y'])
        expect(String((await ask(http.port, target)).body)).to.equal('its own');
    });

    it('takes another magic string, and writes static addresses, when it is told to', async () => {
      await using upstream = await runUpstream(serveBytes(Buffer.from(`<${'m'.padEnd(400, '-')}>`)));
      const flags = [`--iso-magic-string=${'m'.padEnd(400, '-')}`, '--iso-static-ipam-enabled'];
      await using http = await start(upstream, flags);
      const ipam = ' ipam=52-54-00-77-00-07::192.168.77.107:255.255.255.0:192.168.77.1::::';
      expect(String((await ask(http.port, path)).body)).to.equal(`<${(args + ipam).padEnd(400)}>`);
    });
  });

  describe('HTTP', () => {
    it('answers HEAD with the headers of GET, and asks the upstream for a byte only', async () => {
      await using upstream = await runUpstream(serveBytes(iso));
      await using http = await start(upstream);
      const head = await ask(http.port, path, ['Range: bytes=0-9'], 'HEAD');
      expect(head.status).to.equal(200);
      expect(head.headers['content-length']).to.equal(String(iso.length));
      expect(head.body.length).to.equal(0);
      expect(upstream.requests[0]?.headers.range).to.equal('bytes=0-0');
    });

    it('says the size to a range behind the end', async () => {
      await using upstream = await runUpstream(serveBytes(iso));
      await using http = await start(upstream);
      const answer = await ask(http.port, path, [`Range: bytes=${iso.length}-`]);
      expect(answer.status).to.equal(416);
      expect(answer.headers['content-range']).to.equal(`bytes */${iso.length}`);
    });

    it('answers several ranges with the whole', async () => {
      await using upstream = await runUpstream(serveBytes(iso));
      await using http = await start(upstream);
      const answer = await ask(http.port, path, ['Range: bytes=0-1,5-9']);
      expect([answer.status, answer.body.length]).to.deep.equal([200, iso.length]);
    });

    it('has an ETag of ISO and record: for If-None-Match, If-Match and If-Range', async () => {
      await using upstream = await runUpstream(serveBytes(iso));
      const other = machine({ dhcp: { mac: parseMac('52:54:00:77:00:0c')! } });
      await using http = await start(upstream, [], fixedMachines([machine(), other]));
      const { etag = '' } = (await ask(http.port, path)).headers;
      expect(etag).to.match(/^"[\w-]{27}"$/);
      expect((await ask(http.port, path)).headers.etag).to.equal(etag);
      expect((await ask(http.port, '/iso/52:54:00:77:00:0c/hook.iso')).headers.etag).not.to.equal(etag);
      const status = async (...fields: string[]) => (await ask(http.port, path, fields)).status;
      expect(await status(`If-None-Match: "x", ${etag}`)).to.equal(304);
      expect(await status('If-None-Match: "x"')).to.equal(200);
      expect(await status('If-Match: "x"')).to.equal(412);
      expect(await status('Range: bytes=0-1', `If-Range: ${etag}`)).to.equal(206);
      expect(await status('Range: bytes=0-1', 'If-Range: "x"')).to.equal(200);
      expect(await status('Range: bytes=0-1', 'If-Range: Sun, 22 Nov 2026 00:00:00 GMT')).to.equal(200);
    });

    it('gives no strong ETag where the upstream has none', async () => {
      for (const [fields, etag] of [
        [{}, /^undefined$/],
        [{ 'last-modified': 'Sun, 22 Nov 2026 00:00:00 GMT' }, /^W\/"/],
        [{ etag: 'W/"1"' }, /^W\/"/],
      ] as const) {
        await using upstream = await runUpstream(serveBytes(iso, fields));
        await using http = await start(upstream);
        const answer = await ask(http.port, path);
        expect(String(answer.headers.etag)).to.match(etag);
        expect(answer.body.equals(patchedIso)).to.equal(true);
      }
    });
  });

  describe('a mount', () => {
    it('asks once and lives on when the record forbids the next boot, or is gone', async () => {
      await using upstream = await runUpstream(serveBytes(iso));
      let record: ReturnType<typeof machine> | undefined = machine();
      const machines = { ...fixedMachines([]), byMac: () => record };
      await using http = await start(upstream, [], machines);
      const part = () => ask(http.port, path, ['Range: bytes=0-99']);
      expect((await part()).status).to.equal(206);
      record = machine({ netboot: { allowed: false } });
      expect((await part()).status).to.equal(206);
      record = undefined;
      expect((await part()).status).to.equal(206);
      expect(http.log.filter(({ msg }) => msg === 'mounts an ISO')).to.have.length(1);
      expect(await http.metrics.metrics()).to.include('smee_http_iso_mounts 1');

      // Where nothing is mounted yet, the gate is asked.
      await using second = await start(upstream, [], machines);
      expect((await ask(second.port, path)).status).to.equal(404);
    });

    it('is over after an hour without a request', async () => {
      await using upstream = await runUpstream(serveBytes(iso));
      let allowed = true;
      const machines = { ...fixedMachines([]), byMac: () => machine({ netboot: { allowed } }) };
      await using http = await start(upstream, [], machines);
      expect((await ask(http.port, path)).status).to.equal(200);
      allowed = false;
      const now = performance.now.bind(performance);
      performance.now = () => now() + mountLimits.idle + 1;
      try {
        expect((await ask(http.port, path)).status).to.equal(403);
      } finally {
        performance.now = now;
      }
    });

    it('makes room among those of its own machine, whoever begins them by made-up names of ours', async () => {
      await using upstream = await runUpstream(serveBytes(iso));
      let allowed = true;
      const machines = { ...fixedMachines([]), byMac: () => machine({ netboot: { allowed } }) };
      await using http = await runHttp(['--iso-enabled', `--iso-url=${upstream.url}/hook.iso`], machines);
      const head = (host: string) =>
        rawHttp(http.port, `HEAD ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      for (let name = 0; name < 100; name++) expect((await head(`host-${name}`)).status).to.equal(200);
      expect(await http.metrics.metrics()).to.include('smee_http_iso_mounts 4\n');
      allowed = false;
      expect((await head('host-99')).status).to.equal(200);
      expect((await head('host-0')).status).to.equal(403);
    });

    it('gives way to another when the record allows another ISO or other arguments', async () => {
      await using upstream = await runUpstream(serveBytes(iso));
      let record = machine();
      await using http = await start(upstream, [], { ...fixedMachines([]), byMac: () => record });
      expect(String((await ask(http.port, path)).body)).not.to.include('facility=');
      record = machine({ facility: 'lab' });
      expect(String((await ask(http.port, path)).body)).to.include('facility=lab console=ttyAMA0 ');
    });

    it('fails, and the next begins, when the ISO is replaced under it', async () => {
      let serving = serveBytes(iso);
      await using upstream = await runUpstream((...both) => serving(...both));
      await using http = await start(upstream);
      expect((await ask(http.port, path, ['Range: bytes=0-9'])).status).to.equal(206);
      serving = serveBytes(Buffer.from('another ISO'), { etag: '"2"' });
      const changed = await ask(http.port, path, ['Range: bytes=0-9']);
      expect([changed.status, changed.headers['x-smee-reason']]).to.deep.equal([502, 'upstream-changed']);
      expect(String((await ask(http.port, path)).body)).to.equal('another ISO');
    });

    it('is over without a failure when the ISO was replaced a minute ago or more', async () => {
      let serving = serveBytes(iso);
      await using upstream = await runUpstream((...both) => serving(...both));
      await using http = await start(upstream);
      await ask(http.port, path);
      serving = serveBytes(Buffer.from('another ISO'), { etag: '"2"' });
      const now = performance.now.bind(performance);
      performance.now = () => now() + mountLimits.fresh;
      try {
        expect((await ask(http.port, path, [], 'HEAD')).headers['content-length']).to.equal('11');
        expect(String((await ask(http.port, path)).body)).to.equal('another ISO');
      } finally {
        performance.now = now;
      }
    });

    it('logs its beginning, and its thousands of parts at level debug only', async () => {
      await using upstream = await runUpstream(serveBytes(iso));
      await using http = await start(upstream, ['--extra-kernel-args=registry_password=hunter2']);
      for (let at = 0; at < 5; at++) await ask(http.port, path, [`Range: bytes=${at}-99`]);
      const { body } = await ask(http.port, path);
      expect(String(body)).to.include('registry_password=hunter2');
      await http.line(path);
      expect(http.log.filter(({ said }) => said === 'iso').map(({ status }) => status)).to.deep.equal([200]);
      expect(JSON.stringify(http.log) + (await http.metrics.metrics())).not.to.include('hunter2');
      expect(await http.metrics.metrics()).to.include(
        'smee_http_answers_total{said="iso",status="206",why="ok"} 5',
      );
    });
  });

  describe('an upstream', () => {
    const answers: Record<string, [RequestListener, status: number, why: string]> = {
      'that has no such file': [(_, answer) => answer.writeHead(404).end(), 502, 'upstream-error'],
      'that says no size': [(_, answer) => answer.writeHead(200).end('x'), 502, 'upstream-error'],
      'without an end': [(_, answer) => answer.writeHead(200).write('x'), 502, 'upstream-error'],
      'that breaks off': [(_, answer) => answer.destroy(), 502, 'upstream-error'],
      'that sends an encoded body': [
        (_, answer) => answer.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 1 }).end('x'),
        502,
        'upstream-error',
      ],
      'larger than any ISO': [
        (_, answer) => answer.writeHead(206, { 'content-range': 'bytes 0-0/999999999999' }).end('x'),
        502,
        'upstream-error',
      ],
    };
    for (const [what, [listener, status, why]] of Object.entries(answers)) {
      it(`${what} is ${status} ${why}`, async () => {
        await using upstream = await runUpstream(listener);
        await using http = await start(upstream);
        const answer = await ask(http.port, path);
        expect([answer.status, answer.headers['x-smee-reason']]).to.deep.equal([status, why]);
      });
    }

    it('that is down is 502 upstream-error, and is asked again by the next request', async () => {
      let upstream = await runUpstream(serveBytes(iso));
      await using http = await start(upstream);
      await upstream[Symbol.asyncDispose]();
      const answer = await ask(http.port, path);
      expect([answer.status, answer.headers['x-smee-reason']]).to.deep.equal([502, 'upstream-error']);
      expect(String(answer.body)).to.include('ECONNREFUSED').and.not.include('127.0.0.1');
      upstream = await runUpstream(serveBytes(iso), '127.0.0.1', Number(new URL(upstream.url).port));
      await using _again = upstream;
      expect((await ask(http.port, path)).status).to.equal(200);
    });

    it('that fails after a minute fails every machine that waited for it alike', async () => {
      const waiting: (() => void)[] = [];
      await using upstream = await runUpstream(({ socket }) => void waiting.push(() => socket.destroy()));
      await using http = await start(upstream);
      const first = ask(http.port, path);
      await until('the upstream to be asked', () => waiting.length === 1);
      const now = performance.now.bind(performance);
      performance.now = () => now() + mountLimits.fresh;
      try {
        const second = ask(http.port, path);
        await until('the upstream to be asked again', () => waiting.length === 2);
        for (const fail of waiting) fail();
        const statuses = (await Promise.all([first, second])).map(({ status }) => status);
        expect(statuses).to.deep.equal([502, 502]);
      } finally {
        performance.now = now;
      }
    });

    it('that does not answer in time is 504 upstream-timeout', async () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        await using upstream = await runUpstream(() => {});
        await using http = await start(upstream);
        const answered = ask(http.port, path);
        while (upstream.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
        mock.timers.tick(upstreamLimits.answer);
        const answer = await answered;
        expect([answer.status, answer.headers['x-smee-reason']]).to.deep.equal([504, 'upstream-timeout']);
      } finally {
        mock.timers.reset();
      }
    });

    it('without ranges gives the whole, patched, and 502 upstream-no-ranges for a part', async () => {
      await using upstream = await runUpstream((_, answer) =>
        answer.writeHead(200, { 'content-length': iso.length, etag: '"1"' }).end(iso),
      );
      await using http = await start(upstream);
      const whole = await ask(http.port, path);
      expect(whole.headers['accept-ranges']).to.equal('none');
      expect(whole.body.equals(patchedIso)).to.equal(true);
      const part = await ask(http.port, path, ['Range: bytes=0-9']);
      expect([part.status, part.headers['x-smee-reason']]).to.deep.equal([502, 'upstream-no-ranges']);
    });

    it('that ends in the middle breaks the answer off, and says so in the log', async () => {
      await using upstream = await runUpstream((request, answer) => {
        if (request.headers.range !== undefined) return serveBytes(iso)(request, answer);
        answer.writeHead(200, { 'content-length': iso.length, etag: '"1"' });
        answer.write(iso.subarray(0, 100), () => answer.destroy());
      });
      await using http = await start(upstream);
      const answer = await ask(http.port, path);
      expect(answer.status).to.equal(200);
      expect(answer.body.length).to.be.lessThan(iso.length);
      expect(await http.line(path)).to.include({ why: 'upstream-error', status: 200 });
    });

    it('is asked once by a whole rack that mounts at the same time, and where it redirects to', async () => {
      await using upstream = await runUpstream((request, answer) =>
        request.url === '/hook.iso'
          ? answer.writeHead(302, { location: '/real.iso' }).end()
          : serveBytes(iso)(request, answer),
      );
      const rack = Array.from({ length: 20 }, (_, at) =>
        machine({ dhcp: { mac: parseMac(`52:54:00:77:01:${String(10 + at)}`)! } }),
      );
      await using http = await start(upstream, [], fixedMachines(rack));
      const answers = await Promise.all(
        rack.map(({ dhcp: { mac } }) => ask(http.port, `/iso/${mac}/hook.iso`, ['Range: bytes=0-9'])),
      );
      expect(answers.map(({ status }) => status)).to.deep.equal(rack.map(() => 206));
      const looks = upstream.requests.filter(({ headers }) => headers.range === 'bytes=0-0');
      expect(looks.map(({ url }) => url)).to.deep.equal(['/hook.iso', '/real.iso']);
    });

    it('is no faster than the machine that reads: what is not taken is not fetched', async () => {
      const size = 2 ** 30;
      let sent = 0;
      await using upstream = await runUpstream((request, answer) => {
        if (request.headers.range !== undefined) {
          answer.writeHead(206, { 'content-length': 1, 'content-range': `bytes 0-0/${size}` }).end('x');
          return;
        }
        const piece = Buffer.alloc(2 ** 20);
        const more = (): void => {
          sent += piece.length;
          if (sent <= size && !answer.destroyed) answer.write(piece, more);
        };
        answer.writeHead(200, { 'content-length': size });
        more();
      });
      await using http = await start(upstream);
      const client = connect(http.port, '127.0.0.1').pause();
      await once(client, 'connect');
      client.write(`GET ${path} HTTP/1.1\r\nHost: b\r\n\r\n`);
      let before = 0;
      let looks = 0;
      await until('the upstream to be held up', () => {
        looks = sent > 0 && sent === before ? looks + 1 : 0;
        before = sent;
        return looks === 50;
      });
      expect(sent).to.be.lessThan(64 * 2 ** 20);
      client.destroy();
    });

    it('that a machine leaves is left, too: nothing is read for nobody', async () => {
      let closed = 0;
      await using upstream = await runUpstream((request, answer) => {
        if (request.headers.range === 'bytes=0-0')
          return serveBytes(Buffer.alloc(10 ** 8), {})(request, answer);
        answer.on('close', () => closed++);
        answer.writeHead(200, { 'content-length': 10 ** 8 }).write(Buffer.alloc(1000));
      });
      await using http = await start(upstream);
      const client = connect(http.port, '127.0.0.1');
      client.write(`GET ${path} HTTP/1.1\r\nHost: b\r\n\r\n`);
      await once(client, 'data');
      client.destroy();
      await until('the upstream to be left', () => closed === 1);
    });

    it('that a machine leaves before its first byte is left, too', async () => {
      let asked = 0;
      let left = 0;
      await using upstream = await runUpstream((request, answer) => {
        const { range } = request.headers;
        if (range === undefined || range === 'bytes=0-0') return serveBytes(iso)(request, answer);
        asked++;
        answer.on('close', () => left++);
        const [, last] = /^bytes=0-(\d+)$/.exec(range) ?? [];
        const headers = { 'content-length': Number(last) + 1, etag: '"1"' };
        answer.writeHead(206, { ...headers, 'content-range': `bytes 0-${last}/${iso.length}` });
        answer.flushHeaders();
      });
      await using http = await start(upstream);
      const client = connect(http.port, '127.0.0.1');
      client.write(`GET ${path} HTTP/1.1\r\nHost: b\r\nRange: bytes=0-9\r\n\r\n`);
      await until('the upstream to be asked', () => asked > 0);
      client.destroy();
      await until('the upstream to be left', () => left === asked);
    });
  });
});
