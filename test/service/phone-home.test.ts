import { expect } from 'chai';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { rawHttp, runHttp } from '../support/http.ts';
import { emptyMachines, fixedMachines, machine, notSynced } from '../support/machines.ts';
import { until } from '../support/until.ts';

const mac = '52:54:00:77:00:07';
const local = parseIp4('127.0.0.1')!;
const here = machine({ dhcp: { address: local } });
const twin = machine({ name: 'twin', dhcp: { mac: parseMac('52:54:00:77:00:08')!, address: local } });
const forbidden = machine({ dhcp: { address: local }, netboot: { allowed: false } });

const ask = (port: number, line: string, body = '', ...fields: string[]) =>
  rawHttp(
    port,
    [
      `${line} HTTP/1.1`,
      'Host: boot',
      'Connection: close',
      ...fields,
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
const form = 'Content-Type: application/x-www-form-urlencoded';

describe('/phone-home', () => {
  for (const [name, line, body, ...fields] of [
    ['by its source address', 'GET /phone-home', ''],
    ['by the MAC in the path, as a record writes it', `GET /phone-home/${mac}`, ''],
    ['by the MAC in the path, with dashes', 'GET /phone-home/52-54-00-77-00-07', ''],
    ['with a slash and a query more', 'GET //phone-home/?instance=i-1&token=hunter2', ''],
    ['as cloud-init posts it', 'POST /phone-home', 'pub_key_rsa=ssh-rsa+AAAA&hostname=node07', form],
    ['with JSON that is none', `POST /phone-home/${mac}`, '{"broken', 'Content-Type: application/json'],
    ['with a body of no type at all', 'POST /phone-home', 'up'],
    ['with an empty body', 'POST /phone-home', ''],
  ] as const) {
    it(`hears a machine ${name}, and tells that its system is up`, async () => {
      await using http = await runHttp([], fixedMachines([here]));
      const answer = await ask(http.port, line, body, ...fields);
      expect(answer.status).to.equal(204);
      expect(String(answer.body)).to.equal('');
      await until('an event', () => http.reporter.events.length > 0);
      expect(http.reporter.events[0]).to.deep.include({
        mac,
        name: 'rack1-node07',
        address: '127.0.0.1',
        stage: 'os',
        outcome: 'yes',
        why: 'ok',
        said: 'phone-home',
      });
      const file = line.split(' ')[1]!.split('?')[0]!;
      expect(await http.line(file)).to.include({ said: 'phone-home', why: 'ok', mac });
      expect(JSON.stringify([http.reporter.events, http.log])).to.not.match(/hunter2|AAAA/);
    });
  }

  it('hears a machine that may not boot: its system is up all the same', async () => {
    await using http = await runHttp([], fixedMachines([forbidden]));
    expect((await ask(http.port, 'GET /phone-home')).status).to.equal(204);
  });

  for (const [name, machines, line, status, why] of [
    ['a stranger', emptyMachines, 'GET /phone-home', 404, 'unknown-machine'],
    [
      'a stranger by name',
      fixedMachines([here]),
      'GET /phone-home/02:00:00:00:00:01',
      404,
      'unknown-machine',
    ],
    ['one of two at an address', fixedMachines([here, twin]), 'GET /phone-home', 409, 'ambiguous-machine'],
    ['what is no MAC', fixedMachines([here]), 'GET /phone-home/me', 400, 'bad-request'],
    ['more than a MAC', fixedMachines([here]), `GET /phone-home/${mac}/more`, 400, 'bad-request'],
    ['anybody before the records are here', notSynced, 'GET /phone-home', 503, 'not-synced'],
  ] as const) {
    it(`refuses ${name}, and tells why`, async () => {
      await using http = await runHttp([], machines);
      const answer = await ask(http.port, line);
      expect(answer.status).to.equal(status);
      expect(String(answer.body)).to.match(new RegExp(`^${why}: `));
      await until('an event', () => http.reporter.events.length > 0);
      expect(http.reporter.events[0]).to.include({ stage: 'os', outcome: 'no', why, said: 'phone-home' });
    });
  }

  it('takes no body that is larger than it need be', async () => {
    await using http = await runHttp([], fixedMachines([here]));
    const answer = await ask(http.port, 'POST /phone-home', 'x'.repeat(65_537), form);
    expect(answer.status).to.equal(413);
    await until('an event', () => http.reporter.events.length > 0);
    expect(http.reporter.events[0]).to.include({ outcome: 'no', why: 'request-too-big' });
  });

  it('is not asked by HEAD, and POST is for nothing else', async () => {
    await using http = await runHttp([], fixedMachines([here]));
    expect((await ask(http.port, 'HEAD /phone-home')).status).to.equal(404);
    for (const path of ['/phone-homes', `/${mac}/auto.ipxe`, '/artifacts/phone-home/']) {
      expect((await ask(http.port, `POST ${path}`)).status, path).to.equal(405);
    }
    expect(http.reporter.events.filter(({ stage }) => stage === 'os')).to.deep.equal([]);
  });

  it('serves as before who sends nonsense of any type elsewhere', async () => {
    await using http = await runHttp([], fixedMachines([here]));
    const answer = await ask(
      http.port,
      `GET /${mac}/auto.ipxe`,
      '{"broken',
      'Content-Type: application/json',
    );
    expect(answer.status).to.equal(200);
  });
});
