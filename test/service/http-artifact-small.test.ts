import { once } from 'node:events';
import { truncateSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, Socket } from 'node:net';
import { mock } from 'node:test';
import { expect } from 'chai';
import { loadLibc } from '#shared/udp/libc.ts';
import { Residency } from '../../services/http/file/residency.ts';
import { limits } from '../../services/http/limits.ts';
import { detour, lines } from '../support/detour.ts';
import { rawHttp, runHttp } from '../support/http.ts';
import { replaced } from '../support/libc.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const content = (length: number) =>
  Buffer.from(Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) % 251));

const small = content(3500);
const largest = content(65_536);

async function folderOfFiles() {
  const folder = await temporaryFolder();
  await writeFile(`${folder.path}/small`, small);
  await writeFile(`${folder.path}/largest`, largest);
  return folder;
}

async function serving() {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await folderOfFiles());
  const http = stack.use(await runHttp([`--artifact-dir=${path}`, '--http-max-connections-per-client=1000']));
  const owned = stack.move();
  return {
    path,
    http,
    answered: () => http.log.filter(({ msg }) => msg === 'answered'),
    async client(): Promise<Socket> {
      const socket = await connected(http.port);
      owned.defer(() => void socket.destroy());
      return socket;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const get = (path: string, ...fields: string[]) =>
  lines(`GET /artifacts/${path} HTTP/1.1`, 'Host: b', ...fields);

/** Each with the body that is due. */
const requests: Readonly<Record<string, readonly [request: string, body: Buffer]>> = {
  'the whole': [get('small'), small],
  'the whole, by the routes': [get('small', detour), small],
  'a part': [get('small', 'Range: bytes=5-1004'), small.subarray(5, 1005)],
  'the largest that is small': [get('largest'), largest],
};

/** Whether head and body are there, and nothing behind them. */
function isWhole(answer: Buffer, body: Buffer): boolean {
  const head = answer.indexOf('\r\n\r\n') + 4;
  return head >= 4 && answer.subarray(head).equals(body);
}

/** Asks, and gives back the pieces in which the answer came. */
async function piecesFor(client: Socket, request: string, body: Buffer): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  client.write(request);
  do pieces.push(...((await once(client, 'data')) as [Buffer]));
  while (!isWhole(Buffer.concat(pieces), body));
  return pieces;
}

/** What is called to send, from now on. */
function watchingCalls() {
  const sockets = Socket.prototype as Required<Socket>;
  const [write, writev] = [mock.method(sockets, '_write'), mock.method(sockets, '_writev')];
  const [here, inPool] = [mock.method(loadLibc(), 'sendfile'), mock.method(loadLibc(), 'sendfileInPool')];
  return {
    writesTo: (port: number | undefined) =>
      [...write.mock.calls, ...writev.mock.calls].filter(
        ({ this: socket }) => socket instanceof Socket && socket.remotePort === port,
      ).length,
    sendfiles: () => here.mock.callCount() + inPool.mock.callCount(),
    [Symbol.dispose]() {
      for (const spy of [write, writev, here, inPool]) spy.mock.restore();
    },
  };
}

/** Whether the kernel says that files are in memory. */
function cached(says: boolean) {
  const { mock: asked } = mock.method(Residency.prototype, 'has', () => says);
  return { [Symbol.dispose]: () => asked.restore() };
}

describe('a small artifact', () => {
  for (const [what, [request, body]] of Object.entries(requests)) {
    // As many as there is memory for wait for a disk; those who do not are given it one after the other.
    for (const [from, isInMemory, length] of [
      ['memory', true, 400],
      ['a disk', false, 200],
    ] as const)
      it(`leaves with its head in one call, from ${from}, also when hundreds ask at once: ${what}`, async () => {
        await using served = await serving();
        const clients = await Promise.all(Array.from({ length }, () => served.client()));
        using _cached = cached(isInMemory);
        using calls = watchingCalls();
        const answers = await Promise.all(clients.map((client) => piecesFor(client, request, body)));
        // Node reads 64 KiB at a time.
        if (body !== largest) for (const pieces of answers) expect(pieces).to.have.length(1);
        for (const { localPort } of clients) expect(calls.writesTo(localPort)).to.equal(1);
        expect(calls.sendfiles()).to.equal(0);
      });
  }

  it('never leaves its head alone with a client, wherever the service is killed', async function () {
    this.timeout(60_000);
    await using folder = await folderOfFiles();
    const flags = ['--hardware-addr=127.0.0.1:1', `--snapshot-dir=${folder.path}/snapshots`];
    for (let death = 0; death < 4; death++) {
      await using service = await ServiceProcess.start('http', `--artifact-dir=${folder.path}`, ...flags);
      const { port } = service.address;
      const clients = await Promise.all(Array.from({ length: 32 }, () => connected(port)));
      const due = Object.values(requests);
      let answers = 0;
      const left = clients.map(async (client, at) => {
        const [request, body] = due[at % due.length]!;
        let answer = Buffer.alloc(0);
        client.on('data', (piece: Buffer) => {
          answer = Buffer.concat([answer, piece]);
          if (!isWhole(answer, body)) return;
          answer = Buffer.alloc(0);
          answers++;
          client.write(request);
        });
        client.write(request);
        await new Promise((resolve) => client.once('close', resolve));
        return answer.length;
      });
      await until('answers', () => answers > 1000);
      await service.signal('SIGKILL');
      expect(await Promise.all(left), `death ${death}`).to.deep.equal(clients.map(() => 0));
    }
  });

  it('is answered as it is now when it is cut before it is read', async () => {
    await using served = await serving();
    let isCut = false;
    using _cached = cached(true);
    using _cut = replaced('pread', (real) => (...call) => {
      if (!isCut) truncateSync(`${served.path}/small`, 100);
      isCut = true;
      return real(...call);
    });
    const { status, headers, body } = await rawHttp(served.http.port, get('small', 'Connection: close'));
    expect({ status, length: headers['content-length'] }).to.deep.equal({ status: 200, length: '100' });
    expect(body.equals(small.subarray(0, 100))).to.equal(true);
    expect(served.answered().map(({ why, bytes }) => ({ why, bytes }))).to.deep.equal([
      { why: 'ok', bytes: 100 },
    ]);
  });

  const failures = {
    'file-changed': { status: 503, again: '5', read: () => 0 },
    'file-unreadable': { status: 500, again: undefined, read: () => -1 },
  } as const;
  for (const [why, { status, again, read }] of Object.entries(failures))
    it(`is refused before anything of it has left when it cannot be read whole: ${why}`, async () => {
      await using served = await serving();
      using _cached = cached(true);
      using _failing = replaced('pread', () => read);
      const answer = await rawHttp(served.http.port, get('small', 'Connection: close'));
      expect(answer.status).to.equal(status);
      expect(answer.headers['x-smee-reason']).to.equal(why);
      expect(answer.headers['retry-after']).to.equal(again);
      expect(served.answered()[0]).to.include({ why, status, said: 'artifact' });
      expect(served.http.reporter.events.at(-1)).to.include({ why, outcome: 'no' });
    });

  it('is cut off when its client does not take it', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      await using served = await serving();
      const client = await served.client();
      client.pause();
      // What the kernel holds for a client is a few megabytes.
      for (let asked = 1; !served.answered().some(({ why }) => why === 'timed-out'); asked++) {
        expect(asked, 'requests').to.be.lessThan(1000);
        client.write(get('largest'));
        await until('its answer', () => served.answered().length === asked, 200).catch(() => {
          mock.timers.tick(limits.pace);
          mock.timers.tick(limits.pace);
        });
      }
      expect(served.answered().at(-1)).to.include({ why: 'timed-out', status: 200, bytes: 0 });
    } finally {
      mock.timers.reset();
    }
  });
});
