// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that expands these.
import { expect } from 'chai';
import fc from 'fast-check';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { DirectScripts } from '../../services/http/direct-scripts.ts';
import {
  ask as askWatching,
  counts,
  detour,
  expectTheSame,
  iPxe,
  lines,
  withoutDates,
  withoutTimes,
} from '../support/detour.ts';
import { type RunningHttp, rawHttp, runHttp } from '../support/http.ts';
import { fixedMachines, machine, notSynced } from '../support/machines.ts';

const local = parseIp4('127.0.0.1')!;
const [known, forbidden, unsafe, custom, loud] = [
  machine({ dhcp: { address: local } }),
  machine({ name: 'forbidden', dhcp: { mac: parseMac('52:54:00:77:00:08')! }, netboot: { allowed: false } }),
  machine({ name: 'unsafe', dhcp: { mac: parseMac('52:54:00:77:00:09')! }, agentId: 'x\nshell' }),
  machine({
    name: 'custom',
    dhcp: { mac: parseMac('52:54:00:77:00:0a')! },
    netboot: { scriptContents: '#!ipxe\necho grüß Gott ☃' },
  }),
  machine({ name: 'loud', dhcp: { mac: parseMac('52:54:00:77:00:0b')! }, agentId: 'ü' }),
];
const fleet = fixedMachines([known, forbidden, unsafe, custom, loud]);

const ask = (http: RunningHttp, request: string) => askWatching(DirectScripts.prototype, http, request);

describe('services/http/direct-scripts.ts', () => {
  const rows: Record<string, [direct: boolean, start: string, ...fields: string[]]> = {
    'a MAC with colons': [true, 'GET /52:54:00:77:00:07/auto.ipxe HTTP/1.1', ...iPxe],
    'a MAC with dashes, in capitals': [true, 'GET /52-54-00-77-00-0A/auto.ipxe HTTP/1.1', ...iPxe],
    'the source address': [true, 'GET /auto.ipxe HTTP/1.1', ...iPxe],
    'iPXE 2 by itself': [true, 'GET /52:54:00:77:00:07/autoexec.ipxe HTTP/1.1', ...iPxe],
    'a script that is not ASCII': [true, 'GET /52:54:00:77:00:0a/auto.ipxe HTTP/1.1', ...iPxe],
    'a record that is not ASCII': [true, 'GET /52:54:00:77:00:0b/auto.ipxe HTTP/1.1', ...iPxe],
    'HTTP/1.0': [true, 'GET /52:54:00:77:00:07/auto.ipxe HTTP/1.0', ...iPxe],
    'HTTP/1.0 that would stay': [false, 'GET /52:54:00:77:00:07/auto.ipxe HTTP/1.0', ...iPxe, 'X: y'],
    'fields of a browser': [true, 'GET /auto.ipxe HTTP/1.1', 'Host: b', 'Accept: */*', 'ACCEPT-LANGUAGE: de'],
    'an IPv6 Host': [true, 'GET /auto.ipxe HTTP/1.1', 'Host: [fd00::1]:8080'],
    'no Host': [false, 'GET /52:54:00:77:00:07/auto.ipxe HTTP/1.1'],
    'two Hosts': [false, 'GET /auto.ipxe HTTP/1.1', 'Host: a', 'Host: b'],
    'a Host that is none': [false, 'GET /auto.ipxe HTTP/1.1', 'Host: a b'],
    'a Host with a command in it': [false, 'GET /auto.ipxe HTTP/1.1', 'Host: a${net0/mac}'],
    HEAD: [false, 'HEAD /52:54:00:77:00:07/auto.ipxe HTTP/1.1', ...iPxe],
    'a query': [false, 'GET /52:54:00:77:00:07/auto.ipxe?token=hunter2 HTTP/1.1', ...iPxe],
    escapes: [false, 'GET /52%3A54:00:77:00:07/auto.ipxe HTTP/1.1', ...iPxe],
    'doubled slashes': [false, 'GET //52:54:00:77:00:07/auto.ipxe HTTP/1.1', ...iPxe],
    'the absolute form': [false, 'GET http://other/52:54:00:77:00:07/auto.ipxe HTTP/1.1', ...iPxe],
    'a stranger': [false, 'GET /52:54:00:00:00:99/auto.ipxe HTTP/1.1', ...iPxe],
    'who may not boot': [false, 'GET /52:54:00:77:00:08/auto.ipxe HTTP/1.1', ...iPxe],
    'an unsafe record': [false, 'GET /52:54:00:77:00:09/auto.ipxe HTTP/1.1', ...iPxe],
    'mixed separators, which are no MAC': [true, 'GET /52:54-00:77:00:07/auto.ipxe HTTP/1.1', ...iPxe],
    'a forwarded address': [false, 'GET /auto.ipxe HTTP/1.1', ...iPxe, 'X-Forwarded-For: 192.0.2.1'],
    'a trace': [
      false,
      'GET /auto.ipxe HTTP/1.1',
      ...iPxe,
      `traceparent: 00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`,
    ],
    'a body': [false, 'GET /auto.ipxe HTTP/1.1', ...iPxe, 'Content-Length: 0'],
  };
  for (const [what, [direct, start, ...fields]] of Object.entries(rows)) {
    it(`${direct ? 'answers' : 'leaves to the routes'}: ${what}; first and again as the routes do`, async () => {
      await using one = await runHttp([], fleet);
      await using other = await runHttp([], fleet);
      for (let time = 0; time < 2; time++) {
        const said = await ask(one, lines(start, ...fields, 'Connection: close'));
        const due = await ask(other, lines(start, ...fields, detour, 'Connection: close'));
        expect(said.direct).to.equal(direct);
        expect(due.direct).to.equal(false);
        expect(said.event === undefined).to.equal(direct && time === 1);
        expectTheSame(said, due);
      }
      expect(await counts(one)).to.equal(await counts(other));
    });
  }

  it('counts who asks again and again, and tells of them in the end', async () => {
    const request = lines('GET /auto.ipxe HTTP/1.1', ...iPxe, 'Connection: close');
    const http = await runHttp([], fleet);
    try {
      const { event } = await ask(http, request);
      for (let time = 0; time < 4; time++) await ask(http, request);
      expect(http.reporter.events).to.have.lengthOf(1);
      await http[Symbol.asyncDispose]();
      expect(http.reporter.events).to.have.lengthOf(2);
      expect(withoutTimes(http.reporter.events[1]!)).to.deep.equal({ ...event, repeats: 3 });
    } finally {
      await http[Symbol.asyncDispose]();
    }
  });

  it('gives a named machine’s script to whoever asks, tells of the last, and gives nobody what an address names', async () => {
    const named = lines('GET /52:54:00:77:00:07/auto.ipxe HTTP/1.1', ...iPxe, 'Connection: close');
    const byAddress = lines('GET /auto.ipxe HTTP/1.1', ...iPxe, 'Connection: close');
    const http = await runHttp([], fleet);
    try {
      for (const from of ['127.0.0.1', '127.0.0.2', '127.0.0.3'])
        expect((await rawHttp(http.port, named, from)).body.toString()).to.include('52:54:00:77:00:07');
      expect((await rawHttp(http.port, byAddress)).status).to.equal(200);
      expect((await rawHttp(http.port, byAddress, '127.0.0.2')).status).to.equal(404);
      await http[Symbol.asyncDispose]();
      const told = http.reporter.events.filter(({ details }) => String(details.file).startsWith('/52'));
      expect(told.map(({ address, repeats }) => [address, repeats])).to.deep.equal([
        ['127.0.0.1', undefined],
        ['127.0.0.3', 1],
      ]);
      const lineOf = ({ peer, file }: Record<string, unknown>) => `${String(peer).split(':')[0]} ${file}`;
      const answered = http.log.filter(({ msg }) => msg === 'answered').map(lineOf);
      expect(answered).to.include('127.0.0.2 /52:54:00:77:00:07/auto.ipxe');
    } finally {
      await http[Symbol.asyncDispose]();
    }
  });

  it('answers any request as the routes do', async function () {
    this.timeout(60_000);
    await using one = await runHttp([], fleet);
    await using other = await runHttp([], fleet);
    const seen = new Set<boolean>();
    const part = (...of: readonly string[]) => fc.constantFrom(...of);
    const macs = [known, forbidden, unsafe, custom].map(({ dhcp }) => dhcp.mac);
    const request = fc.tuple(
      part('GET', 'GET', 'GET', 'HEAD', 'PUT'),
      part('/', '/', '/', '//', '/x/', '/ipxe/'),
      part(...macs, macs[0]!.replaceAll(':', '-'), '52:54:00:00:00:99', '52:54', '', '%35'),
      part(
        '/auto.ipxe',
        '/autoexec.ipxe',
        'auto.ipxe',
        '/auto.ipxe/',
        '/AUTO.IPXE',
        '/auto.ipxe?a',
        '/auto%2eipxe',
      ),
      part('1.1', '1.0'),
      fc.oneof(
        part('Host: b', 'Host: c:1').map((host) => [host, 'Accept: */*']),
        fc.subarray(['Host: b', 'Accept: */*', 'Pragma: x', 'Range: bytes=0-3', 'Via: x', 'host: d']),
      ),
    );
    await fc.assert(
      fc.asyncProperty(request, async ([method, before, mac, file, version, fields]) => {
        const start = `${method} ${before}${mac}${file} HTTP/${version}`;
        const said = await ask(one, lines(start, ...fields, 'Connection: close'));
        const due = await ask(other, lines(start, ...fields, detour, 'Connection: close'));
        seen.add(said.direct);
        expectTheSame(said, due);
      }),
      { numRuns: 300 },
    );
    expect([...seen]).to.have.members([true, false]);
  });

  it('keeps the connection, or not, as the routes do', async () => {
    await using one = await runHttp([], fleet);
    const start = 'GET /52:54:00:77:00:07/auto.ipxe HTTP/1.1';
    const kept = lines(start, ...iPxe, 'Connection: keep-alive');
    const [direct, plain] = await Promise.all(
      [[], [detour]].map((more) =>
        rawHttp(one.port, kept + kept + lines(start, ...iPxe, ...more, 'Connection: close')),
      ),
    );
    expect(withoutDates(direct!)).to.deep.equal(withoutDates(plain!));
    expect(direct?.headers).to.include({ connection: 'keep-alive', 'keep-alive': 'timeout=30' });
  });

  it('sends a changed record’s script to the next who asks, and nothing once it may not boot', async () => {
    let machines = fleet;
    const changing = {
      ...fleet,
      byMac: (mac: Parameters<typeof fleet.byMac>[0]) => machines.byMac(mac),
      byIp: (address: number) => machines.byIp(address),
    };
    await using http = await runHttp([], changing);
    for (const start of ['GET /52:54:00:77:00:07/auto.ipxe HTTP/1.1', 'GET /auto.ipxe HTTP/1.1']) {
      const request = lines(start, ...iPxe, 'Connection: close');
      machines = fleet;
      for (let time = 0; time < 2; time++)
        expect((await ask(http, request)).answer.body).to.include('worker_id=52:54:00:77:00:07');
      machines = fixedMachines([{ ...known, agentId: 'other' }]);
      expect((await ask(http, request)).answer.body).to.include('worker_id=other');
      machines = fixedMachines([{ ...known, netboot: { ...known.netboot, allowed: false } }]);
      expect((await ask(http, request)).answer.status).to.equal(403);
      machines = fixedMachines([]);
      expect((await ask(http, request)).answer.status).to.equal(404);
      machines = notSynced;
    }
  });

  it('guesses no more once a second record has the address', async () => {
    let machines = fixedMachines([known]);
    const changing = { ...fleet, byIp: (address: number) => machines.byIp(address) };
    await using http = await runHttp([], changing);
    const request = lines('GET /auto.ipxe HTTP/1.1', ...iPxe, 'Connection: close');
    expect((await ask(http, request)).answer.status).to.equal(200);
    machines = fixedMachines([known, { ...custom, dhcp: { ...custom.dhcp, address: local } }]);
    expect((await ask(http, request)).answer.status).to.equal(409);
  });

  const off: Record<string, string[]> = {
    'scripts are switched off': ['--http-ipxe-script-enabled=false'],
    'what TFTP serves lies at the root': ['--pxe-http-enabled', '--pxe-http-path-prefix=/'],
  };
  for (const [what, flags] of Object.entries(off)) {
    it(`leaves it to the routes when ${what}`, async () => {
      await using http = await runHttp(flags, fleet);
      const said = await ask(http, lines('GET /auto.ipxe HTTP/1.1', ...iPxe, 'Connection: close'));
      expect(said.direct).to.equal(false);
    });
  }

  it('keeps secrets in the body', async () => {
    await using http = await runHttp(['--extra-kernel-args=registry_password=hunter2'], fleet);
    const said = await ask(http, lines('GET /auto.ipxe HTTP/1.1', ...iPxe, 'Connection: close'));
    expect(said.direct).to.equal(true);
    expect(said.answer.body).to.include('hunter2');
    const everything = JSON.stringify([http.log, http.reporter.events]) + (await http.metrics.metrics());
    expect(everything).not.to.include('hunter2');
  });
});
