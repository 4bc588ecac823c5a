import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import type {
  ApiError,
  BootPage,
  BootStory,
  Explanation,
  Fleet,
  Hello,
  Link,
  NewRecord,
  News,
  RecordView,
} from '../../services/dashboard/wire/api.ts';
import { ConductedBoots } from '../support/conducted-boots.ts';
import { dashboardToken, type RunningDashboard, runDashboard } from '../support/dashboard.ts';
import { EventStream } from '../support/event-stream.ts';
import { rawHttp } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const mac = '52:54:00:00:00:01';
const bearer = { authorization: `Bearer ${dashboardToken}` };

/** A boot of machine `id`, a second after the one before. */
function boot(id: number, parts: object = {}) {
  const machine = {
    mac: `52:54:00:00:00:${id.toString(16).padStart(2, '0')}`,
    name: `m${id}`,
    address: `10.0.0.${id}`,
  };
  return {
    id,
    machine,
    state: 'BOOTING' as const,
    stage: 'DHCP' as const,
    reason: 'ok',
    startedUnixMilli: id * 1000,
    lastUnixMilli: id * 1000 + 1,
    events: 1,
    stages: [{ stage: 'DHCP' as const, startedUnixMilli: id * 1000, lastUnixMilli: id * 1000 + 1, ok: true }],
    ...parts,
  };
}

const secretive: HardwareInput & { name: string } = {
  name: 'm1',
  interfaces: [
    {
      dhcp: { mac, ip: { address: '10.0.0.1', netmask: '255.255.255.0', gateway: '10.0.0.254' } },
      netboot: {
        allowPxe: false,
        ipxe: { contents: '#!ipxe\necho SECRET-script' },
        osie: { kernelParams: ['registry_password=SECRET-kernel'] },
      },
    },
  ],
};

describe('services/dashboard', () => {
  let boots: ConductedBoots;
  let dashboard: RunningDashboard;
  const get = async <T>(path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(dashboard.url + path, { headers });
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  };
  const send = async <T>(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = bearer,
  ) => {
    const response = await fetch(dashboard.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };

  beforeEach(async () => {
    boots = await ConductedBoots.start();
    dashboard = await runDashboard(boots.port, { token: true });
    await until('it follows the events', () => boots.watchers === 1);
  });
  afterEach(async () => {
    await dashboard[Symbol.asyncDispose]();
    await boots.stop();
  });

  describe('boots', () => {
    it('shows the fleet at a glance, strangers apart from failures', async () => {
      boots.happen([
        boot(1, { state: 'FAILED', reason: 'netboot-not-allowed', means: 'It may not.', action: 'Let it.' }),
        boot(2),
        boot(3, { state: 'BOOTED', stage: 'OS' }),
        boot(4, { state: 'FAILED', reason: 'unknown-machine', machine: { mac: '52:54:00:00:00:04' } }),
      ]);
      const { body } = await get<Fleet>('/api/fleet');
      const ids = (list: Fleet['failed']) => list.map(({ id }) => id);
      expect(ids(body.failed)).to.deep.equal([1]);
      expect(ids(body.booting)).to.deep.equal([2]);
      expect(ids(body.lately)).to.deep.equal([3]);
      expect(ids(body.unknown)).to.deep.equal([4]);
      expect(body.summary).to.deep.equal({ booting: 1, booted: 1, failed: 1, handedOver: 0, unknown: 1 });
      const listed = async (query: string) => ids((await get<BootPage>(`/api/boots?${query}`)).body.boots);
      expect(await listed('state=failed')).to.deep.equal([1]);
      expect(await listed('unknown=true')).to.deep.equal([4]);
      expect(body.failed[0]).to.deep.include({
        state: 'failed',
        stage: 'dhcp',
        means: 'It may not.',
        action: 'Let it.',
      });
    });

    it('lists boots a page at a time, by state and by what was searched for', async () => {
      boots.happen(
        Array.from({ length: 150 }, (_, at) => boot(at + 1, at % 50 === 0 ? { state: 'FAILED' } : {})),
      );
      const first = (await get<BootPage>('/api/boots')).body;
      expect(first.boots).to.have.length(100);
      const second = (await get<BootPage>(`/api/boots?page=${first.next}`)).body;
      expect(second.boots).to.have.length(50);
      expect(second.next).to.equal('');
      expect((await get<BootPage>('/api/boots?state=failed')).body.boots).to.have.length(3);
      expect((await get<BootPage>('/api/boots?search=10.0.0.150')).body.boots).to.have.length(1);
    });

    it('tells one boot with its events, by its id and by its machine', async () => {
      boots.happen(
        [boot(1)],
        [
          {
            bootId: 1,
            stage: 'DHCP',
            outcome: 'NO',
            reason: 'dhcp-disabled',
            said: 'silent',
            details: { type: 'DISCOVER' },
          },
        ],
      );
      const { body } = await get<BootStory>(`/api/boot?machine=${mac}`);
      expect(body.boot.id).to.equal(1);
      expect(body.events[0]).to.deep.include({
        outcome: 'no',
        said: 'silent',
        means: 'The record says disableDhcp for this interface.',
      });
      expect((await get<BootStory>('/api/boot?id=1')).body).to.deep.equal(body);
      expect((await get<ApiError>('/api/boot?machine=nobody')).status).to.equal(404);
    });

    it('explains what each step would answer', async () => {
      boots.explanation = {
        machine: { mac },
        boots: false,
        steps: [{ stage: 'DHCP', outcome: 'NO', said: 'silent', reason: 'dhcp-disabled' }],
        changes: ['Set disableDhcp: false.'],
      };
      const { body } = await get<Explanation>(`/api/explain?machine=${mac}`);
      expect(body).to.deep.include({ boots: false, changes: ['Set disableDhcp: false.'] });
      expect(body.steps[0]).to.include({ stage: 'dhcp', outcome: 'no', said: 'silent' });
    });

    for (const path of [
      '/api/boots?state=odd',
      '/api/boot',
      '/api/boot?id=x',
      '/api/explain',
      `/api/explain?machine=${'x'.repeat(300)}`,
      '/api/suggest?mac=no',
    ])
      it(`says 400 to ${path.slice(0, 40)}, and asks nobody`, async () => {
        const { status, body } = await get<ApiError>(path);
        expect(status).to.equal(400);
        expect(body.error).to.equal('bad-request');
      });
  });

  describe('records', () => {
    it('shows a record without what may be secret, and with it to who has the token', async () => {
      boots.put(secretive);
      const { body } = await get<RecordView>(`/api/record?machine=${mac}`);
      expect(JSON.stringify(body)).not.to.contain('SECRET');
      expect(body.hidden).to.deep.equal([
        'interfaces[0].netboot.ipxe.contents',
        'interfaces[0].netboot.osie.kernelParams',
      ]);
      expect(body.yaml).to.contain('address: 10.0.0.1').and.to.contain('(hidden)');
      const trusted = (await get<RecordView>('/api/record?machine=m1', bearer)).body;
      expect(trusted.yaml).to.contain('SECRET-script').and.to.contain('SECRET-kernel');
      expect((await get<ApiError>('/api/record?machine=10.9.9.9')).status).to.equal(404);
    });

    it('changes a record, and keeps what the page never saw', async () => {
      boots.put(secretive);
      const { name, revision, interfaces } = (await get<RecordView>('/api/record?machine=m1')).body;
      const fields = { ...interfaces[0]!.fields, allowPxe: true };
      const { status } = await send('PUT', '/api/record', { name, revision, mac, fields });
      expect(status).to.equal(200);
      const [stored] = boots.records.get('m1')?.interfaces ?? [];
      expect(stored?.netboot).to.deep.include({ allowPxe: true });
      expect(stored?.netboot?.ipxe?.contents).to.contain('SECRET-script');
      expect(stored?.netboot?.osie?.kernelParams).to.deep.equal(['registry_password=SECRET-kernel']);
      const again = await send<ApiError>('PUT', '/api/record', { name, revision, mac, fields });
      expect(again.status).to.equal(409);
      expect(again.body.error).to.equal('aborted');
    });

    it('looks at five hundred of many records to suggest one, and asks after the rest', async () => {
      for (let at = 1; at <= 1200; at++)
        boots.put({
          name: `many-${at}`,
          interfaces: [
            {
              dhcp: {
                mac: `52:54:01:00:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`,
                ip: { address: `10.5.${at >> 8}.${at & 255}`, netmask: '255.255.0.0' },
              },
            },
          ],
        });
      const { body } = await get<NewRecord>('/api/suggest?mac=52-54-00-AA-BB-CC');
      expect(body.fields).to.include({ address: '10.5.4.177', netmask: '255.255.0.0' });
      expect(boots.calls.ListHardware).to.equal(1);
      expect(boots.calls.GetHardware).to.be.lessThan(40);
    });

    it('suggests a record for a stranger, and stores it under a name that is free', async () => {
      boots.put(secretive);
      const { body } = await get<NewRecord>('/api/suggest?mac=52-54-00-AA-BB-CC');
      expect(body).to.deep.include({ name: 'machine-aabbcc', mac: '52:54:00:aa:bb:cc' });
      expect(body.fields.address).to.equal('10.0.0.2');
      expect((await send('POST', '/api/record', body)).status).to.equal(201);
      expect(boots.records.get('machine-aabbcc')?.interfaces?.[0]?.netboot?.allowPxe).to.equal(true);
      expect((await send<ApiError>('POST', '/api/record', { ...body, name: 'm1' })).status).to.equal(409);
      expect(boots.records.get('m1')?.interfaces?.[0]?.dhcp?.mac).to.equal(mac);
    });

    it('writes nothing without the token, or with a wrong one, and says so in the log without the token', async () => {
      const body = { name: 'x', mac, fields: {} };
      for (const headers of [{}, { authorization: 'Bearer nonsense-0123456789' }]) {
        expect(
          (await send<ApiError>('POST', '/api/record', body, headers as Record<string, string>)).status,
        ).to.equal(401);
        expect(
          (await send<ApiError>('PUT', '/api/record', body, headers as Record<string, string>)).status,
        ).to.equal(401);
      }
      expect(boots.records.size).to.equal(0);
      const said = JSON.stringify(dashboard.logLines);
      expect(said).to.contain('a wrong token').and.not.to.contain('nonsense');
    });

    it('lets nobody try many tokens', async () => {
      const tries: number[] = [];
      for (let at = 0; at < 7; at++)
        tries.push(
          (await send('POST', '/api/token', {}, { authorization: 'Bearer guess-0123456789' })).status,
        );
      expect(tries).to.deep.equal([401, 401, 401, 401, 401, 429, 429]);
      expect((await send('POST', '/api/token', {})).status).to.equal(429);
      const lines = dashboard.logLines.filter((line) => JSON.stringify(line).includes('a wrong token'));
      expect(lines, 'no line for tokens that nobody looked at').to.have.length(5);
    });

    it('shows a record to a browser that a proxy has asked for a password', async () => {
      boots.put(secretive);
      const { status, body } = await get<RecordView>('/api/record?machine=m1', {
        authorization: 'Basic dTpw',
      });
      expect(status).to.equal(200);
      expect(body.yaml).not.to.contain('SECRET');
    });

    it('lets nobody keep an answer, however its path is spelled', async () => {
      for (const path of ['/api/boots', '/%61pi/boots'])
        expect((await get(path)).headers.get('cache-control'), path).to.equal('no-store');
    });

    it('says 204 to the right token', async () => {
      expect((await send('POST', '/api/token', {})).status).to.equal(204);
    });

    it('takes no form of another site', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        const response = await fetch(`${dashboard.url}/api/record`, {
          method: 'POST',
          headers: { 'content-type': type, ...bearer },
          body: '{"name":"x"}',
        });
        expect(response.status, type).to.equal(415);
      }
      const preflight = await fetch(`${dashboard.url}/api/record`, {
        method: 'OPTIONS',
        headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      });
      expect(preflight.headers.get('access-control-allow-origin')).to.equal(null);
    });

    it('only reads when no token is set', async () => {
      await using readOnly = await runDashboard(boots.port);
      const response = await fetch(`${readOnly.url}/api/record`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer },
        body: '{}',
      });
      expect(response.status).to.equal(403);
      expect(((await response.json()) as ApiError).error).to.equal('read-only');
    });

    it('shows a record to a page that still has a token of before', async () => {
      boots.put(secretive);
      await using readOnly = await runDashboard(boots.port);
      const response = await fetch(`${readOnly.url}/api/record?machine=m1`, { headers: bearer });
      expect(response.status).to.equal(200);
      expect(await response.text()).not.to.contain('SECRET');
    });
  });

  describe('the page', () => {
    it('comes with a policy that lets only its own scripts run', async () => {
      const response = await fetch(`${dashboard.url}/`);
      const page = await response.text();
      const [, map = ''] = /<script type="importmap">(.*?)<\/script>/s.exec(page) ?? [];
      const hash = createHash('sha256').update(map).digest('base64');
      expect(response.headers.get('content-security-policy')).to.equal(
        `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
      );
      expect(page.match(/<script/g)).to.have.length(3);
      expect(page).not.to.match(/\son\w+=|style=|https?:\/\//);
    });

    for (const path of ['/', '/page/main.ts', '/api/fleet', '/nowhere', '/%zz', '/healthz'])
      it(`has its headers on ${path}`, async () => {
        const { headers } = await fetch(dashboard.url + path);
        expect(headers.get('content-security-policy')).to.contain("default-src 'none'");
        expect(headers.get('x-content-type-options')).to.equal('nosniff');
        expect(headers.get('referrer-policy')).to.equal('no-referrer');
        expect(headers.get('cross-origin-opener-policy')).to.equal('same-origin');
      });

    it('serves every module that it names, as JavaScript without types, and none twice', async () => {
      const page = await (await fetch(`${dashboard.url}/`)).text();
      const urls = [...page.matchAll(/(?:href|src)="(\/(?:page|lib)\/[^"]+)"/g)].map(([, url = '']) => url);
      expect(urls.length).to.be.above(30);
      for (const url of urls) {
        const response = await fetch(dashboard.url + url);
        expect(response.status, url).to.equal(200);
        const type = url.endsWith('.css')
          ? 'text/css'
          : url.endsWith('.svg')
            ? 'image/svg+xml'
            : 'text/javascript';
        expect(response.headers.get('content-type'), url).to.contain(type);
        const etag = response.headers.get('etag') ?? '';
        const text = await response.text();
        expect(text, url).not.to.match(/\binterface [A-Z]|import type|sourceMappingURL/);
        const again = await fetch(dashboard.url + url, { headers: { 'if-none-match': etag } });
        expect(again.status, url).to.equal(304);
      }
    });

    it('answers to its own names only', async () => {
      const ask = async (host: string, path = '/api/fleet') =>
        (await rawHttp(dashboard.port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))
          .status;
      expect(await ask(`localhost:${dashboard.port}`)).to.equal(200);
      expect(await ask('127.0.0.1')).to.equal(200);
      expect(await ask('evil.example')).to.equal(421);
      expect(await ask('evil.example', '/')).to.equal(421);
      expect(await ask('dashboard:8090', '/healthz')).to.equal(200);
      await using named = await runDashboard(boots.port, {
        flags: ['--dashboard-hosts=smee.example, dash.example'],
      });
      const answer = await rawHttp(
        named.port,
        'GET / HTTP/1.1\r\nHost: dash.example:8090\r\nConnection: close\r\n\r\n',
      );
      expect(answer.status).to.equal(200);
    });

    it('keeps hostile text a value: JSON, never markup', async () => {
      const hostile = `<img src=x onerror=alert(1)>\u2028"'</script>`;
      boots.happen(
        [boot(1, { machine: { mac, name: hostile }, detail: hostile })],
        [{ bootId: 1, said: hostile, details: { text: `${hostile}\n\ndata: x` } }],
      );
      using stream = new EventStream(dashboard.url);
      await stream.first('hello');
      boots.happen(
        [boot(2, { machine: { mac, name: hostile } })],
        [{ bootId: 2, details: { text: 'a\n\nevent: hello\ndata: {}' } }],
      );
      const news = await stream.first<News>('news');
      expect(news.boots[0]?.machine.name).to.equal(hostile);
      expect(news.events[0]?.details.text).to.equal('a\n\nevent: hello\ndata: {}');
      const { headers, body } = await get<BootStory>('/api/boot?id=1');
      expect(headers.get('content-type')).to.contain('application/json');
      expect(body.boot.detail).to.equal(hostile);
    });
  });

  describe('at its start', () => {
    const refusal = async (flags: readonly string[]) =>
      await runDashboard(boots.port, { flags }).then(
        async (started) => {
          await started[Symbol.asyncDispose]();
          return 'it started';
        },
        (error: Error) => error.message,
      );

    it('refuses a token file that is not there, and one that is too short or open to everybody', async () => {
      expect(await refusal(['--dashboard-token-file=/nowhere/token'])).to.match(
        /SMEE_DASHBOARD_TOKEN_FILE: cannot read it/,
      );
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'token');
      await writeFile(path, 'short\n', { mode: 0o644 });
      const said = await refusal([`--dashboard-token-file=${path}`]);
      expect(said).to.include('must not be open to everybody').and.to.include('at least 16 characters');
      expect(said).not.to.include('short\n');
    });

    it('says in its log when more than this host may read', async () => {
      await using open = await runDashboard(boots.port, { flags: ['--dashboard-addr=0.0.0.0:0'] });
      expect(open.logLines.filter(({ level }) => level === 'warn').map(({ msg }) => msg)).to.deep.equal([
        'everybody who reaches this address may read what the dashboard shows, over plain HTTP',
      ]);
      expect(dashboard.logLines.filter(({ level }) => level === 'warn')).to.deep.equal([]);
    });
  });

  describe('the stream', () => {
    it('greets, and tells what happens as it happens', async () => {
      using stream = new EventStream(dashboard.url);
      expect(await stream.first<Hello>('hello')).to.deep.include({ writable: true });
      boots.happen([boot(1)], [{ bootId: 1, said: 'OFFER', outcome: 'YES', stage: 'DHCP' }]);
      const { boots: told, events } = await stream.first<News>('news');
      expect(told[0]).to.include({ id: 1, state: 'booting' });
      expect(events[0]).to.include({ id: 1, boot: 1, said: 'OFFER' });
    });

    it('asks the hardware service once for any number of browsers', async () => {
      const streams = Array.from({ length: 20 }, () => new EventStream(dashboard.url));
      await Promise.all(streams.map((stream) => stream.first('hello')));
      boots.happen([boot(1)], [{ bootId: 1 }]);
      await Promise.all(streams.map((stream) => stream.first('news')));
      expect(boots.calls.WatchEvents).to.equal(1);
      for (const stream of streams) stream[Symbol.dispose]();
      await until(
        'nobody listens',
        async () => /streams \d/.exec(await dashboard.metrics.metrics())?.[0] === 'streams 0',
      );
    });

    it('goes on after the last id that a browser saw, without a gap and without repetition', async () => {
      using first = new EventStream(dashboard.url);
      await first.first('hello');
      boots.happen([boot(1)], [{ bootId: 1, said: 'one' }]);
      await first.first('news');
      const { lastId } = first;
      first[Symbol.dispose]();
      boots.happen([boot(1)], [{ bootId: 1, said: 'two' }]);
      boots.happen([boot(1)], [{ bootId: 1, said: 'three' }]);
      using second = new EventStream(dashboard.url, { 'last-event-id': lastId });
      await until('both are told', () => second.all('news').length === 2);
      const said = second.all<News>('news').flatMap(({ events }) => events.map((one) => one.said));
      expect(said).to.deep.equal(['two', 'three']);
      expect(second.all('hello')).to.deep.equal([]);
    });

    it('tells to read anew who was away too long, or knows another process’s ids', async () => {
      await using small = await runDashboard(boots.port, { limits: { recent: 2000 } });
      await until('it follows', () => boots.watchers === 2);
      using first = new EventStream(small.url);
      await first.first('hello');
      for (let at = 0; at < 20; at++)
        boots.happen([boot(1)], [{ bootId: 1, details: { text: 'x'.repeat(200) } }]);
      await until('all are told', () => first.all('news').length === 20);
      const [epoch] = first.lastId.split('-');
      for (const id of [`${epoch}-1`, 'ffffffffffff-3', 'nonsense', `${epoch}-999`]) {
        using again = new EventStream(small.url, { 'last-event-id': id });
        await again.first('hello');
        expect(again.told[0]?.event, id).to.equal('hello');
      }
    });

    it('cuts off who reads nothing, and everybody else hears all', async () => {
      await using strict = await runDashboard(boots.port, { limits: { behind: 100_000 } });
      await until('it follows', () => boots.watchers === 2);
      using slow = new EventStream(strict.url);
      using quick = new EventStream(strict.url);
      await Promise.all([slow.first('hello'), quick.first('hello')]);
      slow.stopReading();
      const text = 'x'.repeat(200_000);
      let told = 0;
      await until('the slow one is cut off', async () => {
        boots.happen([boot(1)], [{ bootId: 1, details: { text } }]);
        told++;
        await until('the quick one hears it', () => quick.all('news').length === told);
        return /cut_off_total 1/.test(await strict.metrics.metrics());
      });
      expect(quick.ended).to.equal(false);
    });

    it('takes only so many browsers, and says so to the next', async () => {
      await using small = await runDashboard(boots.port, { limits: { streams: 2 } });
      using one = new EventStream(small.url);
      using two = new EventStream(small.url);
      await Promise.all([one.first('hello'), two.first('hello')]);
      const refused = await fetch(`${small.url}/api/stream`);
      expect(refused.status).to.equal(503);
      expect(refused.headers.get('retry-after')).to.equal('10');
      one[Symbol.dispose]();
      await until('there is room', async () => {
        using next = new EventStream(small.url);
        await until('it is answered', () => next.status !== undefined);
        return next.status === 200;
      });
    });

    it('gives no place to HEAD', async () => {
      const { status } = await fetch(`${dashboard.url}/api/stream`, { method: 'HEAD' });
      expect(status).to.equal(404);
      expect(await dashboard.metrics.metrics()).to.match(/smee_dashboard_streams 0/);
    });

    it('gives a sign of life while nothing happens', async () => {
      await using ticking = await runDashboard(boots.port, { limits: { tick: 20 } });
      using stream = new EventStream(ticking.url);
      expect(await stream.first<{ now: number }>('tick'))
        .to.have.property('now')
        .that.is.closeTo(Date.now(), 5000);
    });

    it('ends every stream when the service stops', async () => {
      const stopping = await runDashboard(boots.port);
      using stream = new EventStream(stopping.url);
      await stream.first('hello');
      const begun = performance.now();
      await stopping[Symbol.asyncDispose]();
      await until('the stream has ended', () => stream.ended);
      expect(performance.now() - begun).to.be.below(3000);
    });
  });

  describe('without the hardware service', () => {
    it('says that it is away, keeps serving the page, and comes back by itself with what was missed', async () => {
      boots.happen([boot(1)], [{ bootId: 1, said: 'before' }]);
      using stream = new EventStream(dashboard.url);
      expect((await stream.first<Hello>('hello')).link.connected).to.equal(true);
      expect((await fetch(`${dashboard.url}/readyz`)).status).to.equal(200);
      await boots.stop();
      await until('the page is told', () => stream.all<Link>('link').at(-1)?.connected === false);
      const { status, body } = await get<ApiError>('/api/boots');
      expect(status).to.equal(503);
      expect(body.error).to.equal('hardware-away');
      expect((await fetch(`${dashboard.url}/readyz`)).status).to.equal(503);
      expect((await fetch(`${dashboard.url}/healthz`)).status).to.equal(200);
      expect((await fetch(`${dashboard.url}/`)).status).to.equal(200);

      boots.happen([boot(2)], [{ bootId: 2, said: 'missed' }]);
      await boots.start();
      await until(
        'the page is told that it is back',
        () => stream.all<Link>('link').at(-1)?.connected === true,
      );
      const news = await stream.first<News>('news');
      expect(news.events.map(({ said }) => said)).to.deep.equal(['missed']);
      expect((await get<BootPage>('/api/boots')).body.boots).to.have.length(2);
    });

    it('starts without it', async () => {
      await boots.stop();
      await using alone = await runDashboard(boots.port);
      using stream = new EventStream(alone.url);
      expect((await stream.first<Hello>('hello')).link.connected).to.equal(false);
      await boots.start();
      await until('it is told', () => stream.all<Link>('link').at(-1)?.connected === true);
    });

    it('tells everybody to read anew when it comes back with another store', async () => {
      boots.happen([boot(1)], [{ bootId: 1 }, { bootId: 1 }]);
      using stream = new EventStream(dashboard.url);
      await stream.first('hello');
      boots.happen([boot(1)], [{ bootId: 1 }]);
      await stream.first('news');
      await boots.stop();
      boots.events.length = 0;
      await boots.start();
      await until('a second greeting', () => stream.all('hello').length === 2);
    });
  });
});
