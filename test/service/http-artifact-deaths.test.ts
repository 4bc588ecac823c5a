import { once } from 'node:events';
import { readdir, readlink, truncate, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { mock } from 'node:test';
import { expect } from 'chai';
import { Writability } from '../../services/http/file/writability.ts';
import { limits } from '../../services/http/limits.ts';
import { runHttp } from '../support/http.ts';
import { allInPool, replaced } from '../support/libc.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

/** Small enough for any buffer, and too large to be read into memory first. */
const small = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7 + (at >> 8)) % 251));
const bigSize = 64 * 1024 * 1024;

const get = (path: string, ...fields: string[]) =>
  [`GET /artifacts/${path} HTTP/1.1`, 'Host: b', ...fields, '', ''].join('\r\n');

async function serving() {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  await writeFile(`${path}/small`, small);
  await writeFile(`${path}/big`, '');
  await truncate(`${path}/big`, bigSize);
  const http = stack.use(await runHttp([`--artifact-dir=${path}`]));
  const owned = stack.move();
  return {
    http,
    /** Descriptors of this process of the files that are served. */
    async openFiles(): Promise<number> {
      const links = (await readdir('/proc/self/fd')).map((fd) =>
        readlink(`/proc/self/fd/${fd}`).catch(() => ''),
      );
      return (await Promise.all(links)).filter((link) => link.startsWith(`${path}/`)).length;
    },
    async client(): Promise<Socket> {
      const socket = connect(http.port, '127.0.0.1');
      owned.defer(() => void socket.destroy());
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    },
    async inFlight(): Promise<number> {
      return Number(/smee_http_in_flight (\d+)/.exec(await http.metrics.metrics())?.[1]);
    },
    answered: () => http.log.filter(({ msg }) => msg === 'answered'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Connections of this process, both ends. */
const connections = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

/** All that comes until the head and `body` bytes behind it are there. */
async function readAnswer(client: Socket, body: number): Promise<Buffer> {
  let all = Buffer.alloc(0);
  for await (const [piece] of on(client)) {
    all = Buffer.concat([all, piece]);
    const head = all.indexOf('\r\n\r\n');
    if (head >= 0 && all.length >= head + 4 + body) break;
  }
  return all;
}

async function* on(client: Socket): AsyncGenerator<[Buffer]> {
  for (;;) {
    const piece: Buffer | null = client.read();
    if (piece !== null) yield [piece];
    else await once(client, 'readable');
  }
}

/** All is sent by the thread pool, whose calls are made, and told of when `held` is called. */
function heldPool() {
  const held: (() => void)[] = [];
  using made = new DisposableStack();
  made.use(allInPool());
  made.use(
    replaced('sendfileInPool', (real) => (to, from, offset, length, done) => {
      real(to, from, offset, length, (error, sent) => held.push(() => done(error, sent)));
    }),
  );
  const owned = made.move();
  return { held, [Symbol.dispose]: () => owned.dispose() };
}

describe('an artifact whose client goes', () => {
  it('is told to be sent when the client left right after its last byte, before the pool said so', async () => {
    await using served = await serving();
    const before = connections();
    using pool = heldPool();
    const { held } = pool;
    const client = await served.client();
    client.write(get('small'));
    const answer = await readAnswer(client, small.length);
    expect(answer.subarray(-small.length).equals(small)).to.equal(true);
    client.destroy();
    await until('both ends closed', () => connections() === before);
    expect(served.answered()).to.deep.equal([]);
    for (const done of held) done();
    await until('its line', () => served.answered().length === 1);
    expect(served.answered()[0]).to.include({ why: 'ok', status: 200, bytes: small.length });
    await until('its event', () => served.http.reporter.events.some(({ outcome }) => outcome === 'yes'));
    expect(await served.inFlight()).to.equal(0);
  });

  it('leaves nothing open when it waits in a pipeline behind another', async () => {
    await using served = await serving();
    for (let death = 0; death < 20; death++) {
      const client = await served.client();
      client.write(`${get('big')}${get('small')}${get('none')}`);
      await once(client, 'data');
      client.pause();
      await until('all of them', async () => (await served.inFlight()) === 3);
      client.destroy();
      await until('all of them over', async () => (await served.inFlight()) === 0, 2000);
    }
    await until('every file closed', async () => (await served.openFiles()) === 0);
    expect(served.answered().filter(({ why }) => why === 'aborted')).to.have.length(60);
  });

  it('leaves nothing open when many go in the middle of it', async () => {
    await using served = await serving();
    const clients = await Promise.all(Array.from({ length: 50 }, () => served.client()));
    for (const client of clients) client.write(get('big'));
    await Promise.all(clients.map((client) => once(client, 'data')));
    for (const client of clients) client.resetAndDestroy();
    await until('every answer over', () => served.answered().length === clients.length);
    for (const line of served.answered()) expect(line).to.include({ why: 'aborted' });
    await until('every file closed', async () => (await served.openFiles()) === 0);
  });

  it('never reaches another connection that has got the number of its descriptor', async () => {
    await using served = await serving();
    const before = connections();
    const held: (() => void)[] = [];
    const others: Socket[] = [];
    let strayed = 0;
    {
      using _pool = allInPool();
      using _late = replaced('sendfileInPool', (real) => (...call) => {
        held.push(() => real(...call));
      });
      const client = await served.client();
      client.write(get('small'));
      await until('the call', () => held.length === 1);
      client.destroy();
      await until('both ends closed', () => connections() === before);
      for (let other = 0; other < 20; other++) {
        const socket = await served.client();
        socket.on('data', ({ length }) => {
          strayed += length;
        });
        others.push(socket);
      }
    }
    for (const call of held) call();
    await until('its line', () => served.answered().length === 1);
    const healthy = others.map((socket) => {
      socket.end('GET /healthz HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n');
      return once(socket, 'close');
    });
    await Promise.all(healthy);
    expect(strayed).to.be.lessThan(others.length * 1000);
    await until('every file closed', async () => (await served.openFiles()) === 0);
  });

  it('ends its connection at once when there is no descriptor left for it', async () => {
    await using served = await serving();
    using _none = replaced('fcntl', () => () => -1);
    const client = await served.client();
    client.resume();
    client.write(get('small'));
    await once(client, 'close');
    await until('its line', () => served.answered().length === 1);
    await until('every file closed', async () => (await served.openFiles()) === 0);
  });

  it('is told to be unreadable, and ends its connection, when it is the disk that fails', async () => {
    await using served = await serving();
    using _pool = allInPool();
    using _broken = replaced('sendfileInPool', () => (_to, _from, _offset, _length, done) => {
      setImmediate(() => {
        using _why = replaced('errno', () => () => 'EIO');
        done(null, -1);
      });
    });
    const client = await served.client();
    client.resume();
    client.write(get('small'));
    await once(client, 'close');
    await until('its line', () => served.answered().length === 1);
    expect(served.answered()[0]).to.include({ why: 'file-unreadable', status: 200, bytes: 0 });
    await until('every file closed', async () => (await served.openFiles()) === 0);
  });

  it('has its line before the service is gone, also when a call outlives its connection', async () => {
    await using served = await serving();
    using pool = heldPool();
    const { held } = pool;
    const client = await served.client();
    client.write(get('small'));
    await until('the call', () => held.length === 1);
    client.destroy();
    let isGone = false;
    const stopped = served.http[Symbol.asyncDispose]().then(() => {
      isGone = true;
    });
    await until('no connection', () => !process.getActiveResourcesInfo().includes('TCPServerWrap'));
    expect(isGone).to.equal(false);
    held[0]?.();
    await stopped;
    expect(served.answered()).to.have.length(1);
  });

  it('is ended when its client takes no more than a thousand bytes a minute', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      await using served = await serving();
      let taken = 0;
      const mayGoOn: (() => void)[] = [];
      using _pool = allInPool();
      using _small = replaced('sendfileInPool', (real) => (to, from, offset, length, done) => {
        real(to, from, offset, Math.min(length, 1000), done);
      });
      const waiting = mock.method(Writability.prototype, 'wait', (_fd: number, ready: () => void) => {
        mayGoOn.push(ready);
        return true;
      });
      using _slow = { [Symbol.dispose]: () => waiting.mock.restore() };
      const client = await served.client();
      client.on('data', ({ length }) => {
        taken += length;
      });
      client.write(get('big'));
      for (const minute of [1, 2]) {
        mayGoOn.shift()?.();
        await until('what it takes', () => taken > minute * 1000);
        await until('the wait for the next', () => mayGoOn.length > 0);
        mock.timers.tick(limits.pace);
      }
      await until('the end of it', () => served.answered().some(({ why }) => why === 'timed-out'));
    } finally {
      mock.timers.reset();
    }
  });
});
