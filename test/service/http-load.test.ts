import { once } from 'node:events';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { mock } from 'node:test';
import { expect } from 'chai';
import { limits } from '../../services/http/limits.ts';
import { type RunningHttp, rawHttp, runHttp } from '../support/http.ts';
import { emptyMachines } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const size = 10_000_000;
const request = 'GET /artifacts/kernel HTTP/1.1\r\nHost: b\r\n\r\n';

/** The service with a kernel of 10 MB, and what a test opens towards it: closed at its end. */
async function start(...flags: string[]) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  await writeFile(`${folder.path}/kernel`, '');
  await truncate(`${folder.path}/kernel`, size);
  const http: RunningHttp = stack.use(
    await runHttp([`--artifact-dir=${folder.path}`, ...flags], emptyMachines),
  );
  const owned = stack.move();
  return {
    http,
    /** Connected; takes nothing before it is told to. */
    async client(localAddress = '127.0.0.1'): Promise<Socket> {
      const socket = connect({ port: http.port, host: '127.0.0.1', localAddress });
      owned.defer(() => void socket.destroy());
      socket.on('error', () => {});
      socket.pause();
      await once(socket, 'connect');
      return socket;
    },
    async metric(pattern: RegExp): Promise<number> {
      return Number(pattern.exec(await http.metrics.metrics())?.[1] ?? 0);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const refusals = (why: string) => new RegExp(`malformed_total\\{why="${why}"\\} (\\d+)`);
const openFiles = async () => (await readdir('/proc/self/fd')).length;

/** Bytes until the server closes or `enough` have come. */
async function read(client: Socket, enough = Number.POSITIVE_INFINITY): Promise<number> {
  let bytes = 0;
  client.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes >= enough) client.destroy();
  });
  client.resume();
  await once(client, 'close');
  return bytes;
}

describe('services/http under load', () => {
  it('sends 10 MB to a thousand clients at once, and holds no more of it than the pieces under way', async function () {
    this.timeout(120_000);
    await using service = await start('--http-max-connections-per-client=1000');
    const files = await openFiles();
    const clients = await Promise.all(Array.from({ length: 1000 }, () => service.client()));
    const before = process.memoryUsage().rss;
    for (const client of clients) client.write(request);
    const underWay = () => service.metric(/smee_http_in_flight (\d+)/);
    await until('every answer under way', async () => (await underWay()) === clients.length, 60_000);

    // Nobody reads yet: what is not sent stays on the disk. 10 GB are asked for.
    expect(process.memoryUsage().rss - before).to.be.lessThan(400_000_000);

    // Who reads is served, however many do not.
    const readers = clients.splice(0, 20);
    const received = await Promise.all(readers.map((client) => read(client, size)));
    for (const bytes of received) expect(bytes).to.be.at.least(size);
    expect(process.memoryUsage().rss - before).to.be.lessThan(400_000_000);

    for (const client of clients) client.destroy();
    await until('every file closed', async () => (await openFiles()) <= files, 30_000);
    expect(await underWay()).to.equal(0);
  });

  it('ends an answer of which its client takes nothing for a minute', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      await using service = await start();
      const client = await service.client();
      client.write(request);
      await until(
        'the answer under way',
        async () => (await service.metric(/smee_http_in_flight (\d+)/)) === 1,
      );
      await until('the end of it', () => {
        mock.timers.tick(limits.pace);
        return service.http.log.some(({ file, why }) => file === '/artifacts/kernel' && why === 'timed-out');
      });
      expect(await read(client)).to.be.lessThan(size);
    } finally {
      mock.timers.reset();
    }
  });

  it('lets a slow client go on that takes something', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      await using service = await start();
      const client = await service.client();
      client.write(request);
      let bytes = 0;
      for (let minute = 0; minute < 3; minute++) {
        bytes += await take(client, 2_000_000);
        mock.timers.tick(limits.pace);
      }
      expect(bytes + (await read(client, size - bytes))).to.be.at.least(size);
    } finally {
      mock.timers.reset();
    }
  });

  it('lets an answer wait that is behind a slow one in a pipeline', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      await using service = await start();
      const client = await service.client();
      client.write(request.repeat(2));
      let bytes = 0;
      for (let minute = 0; minute < 3; minute++) {
        bytes += await take(client, 2_000_000);
        mock.timers.tick(limits.pace);
      }
      expect(bytes + (await read(client, 2 * size - bytes))).to.be.at.least(2 * size);
    } finally {
      mock.timers.reset();
    }
  });

  it('refuses more connections from one address than it may hold, says when to try again, and serves others', async () => {
    await using service = await start('--http-max-connections-per-client=3');
    const first = await service.client();
    await service.client();
    await service.client();
    const refused = await rawHttp(service.http.port, request);
    expect(refused.status).to.equal(503);
    expect(refused.headers).to.include({ 'retry-after': '5', connection: 'close' });
    expect(String(refused.body)).to.include('too-many-connections');
    expect(await service.metric(refusals('too-many-connections'))).to.equal(1);
    const line = service.http.log.find(({ why }) => why === 'too-many-connections');
    expect(line?.peer).to.match(/^127\.0\.0\.1:\d+$/);

    const other = await service.client('127.0.0.2');
    other.write('GET /healthz HTTP/1.0\r\n\r\n');
    expect(await read(other)).to.be.greaterThan(0);

    first.destroy();
    await until(
      'a place free again',
      async () => (await rawHttp(service.http.port, 'GET /healthz HTTP/1.0\r\n\r\n')).status === 200,
    );
  });

  it('lets a trusted proxy hold as many connections as it likes', async () => {
    await using service = await start(
      '--http-max-connections-per-client=1',
      '--trusted-proxies=10.0.0.1,127.0.0.0/30',
    );
    await service.client();
    await service.client();
    const answer = await rawHttp(service.http.port, 'GET /healthz HTTP/1.0\r\n\r\n');
    expect(answer.status).to.equal(200);
  });

  it('answers few requests of one connection at a time: a pipeline opens no thousand files', async () => {
    await using service = await start();
    const files = await openFiles();
    const client = await service.client();
    client.write(request.repeat(1000));
    await until('a no', async () => (await service.metric(refusals('too-many-requests'))) === 1);
    expect(await openFiles()).to.be.lessThan(files + 2 * limits.pipelined);
    await read(client);
    await until('every file closed', async () => (await openFiles()) <= files);
  });

  it('answers a short pipeline in order', async () => {
    await using service = await start();
    const paths = ['/healthz', '/artifacts/none', '/healthz'];
    const requests = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: b\r\n\r\n`).join('');
    const answer = await rawHttp(service.http.port, `${requests}GET /healthz HTTP/1.0\r\n\r\n`);
    const statuses = `${answer.statusLine}\n${answer.body}`.match(/HTTP\/1\.1 \d+/g);
    expect(statuses).to.deep.equal(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200', 'HTTP/1.1 200']);
  });

  it('ends a connection that never finishes its headers', async function () {
    this.timeout(limits.request + 10_000);
    await using service = await start();
    const client = await service.client();
    client.write('GET /artifacts/kernel HTTP/1.1\r\n');
    const drip = setInterval(() => client.write('X: y\r\n'), 500);
    const since = performance.now();
    await read(client);
    clearInterval(drip);
    expect(performance.now() - since).to.be.lessThan(limits.request + 5000);
    expect(await service.metric(refusals('timed-out'))).to.equal(1);
  });
});

/** Reads so many bytes, then no more. */
async function take(client: Socket, enough: number): Promise<number> {
  let bytes = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const onData = (piece: Buffer) => {
    bytes += piece.length;
    if (bytes < enough) return;
    client.pause();
    client.off('data', onData);
    resolve();
  };
  client.on('data', onData);
  client.resume();
  await promise;
  return bytes;
}
