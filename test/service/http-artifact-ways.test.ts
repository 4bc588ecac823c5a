import { once } from 'node:events';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { mock } from 'node:test';
import { connect as connectSecurely } from 'node:tls';
import { expect } from 'chai';
import type { FilePart } from '../../services/http/file/part.ts';
import { SmallParts } from '../../services/http/file/small-parts.ts';
import { Authority } from '../support/certificates.ts';
import { type RunningHttp, runHttp } from '../support/http.ts';
import { allInPool } from '../support/libc.ts';
import { emptyMachines } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

/**
 * HTTP is sent by the kernel, by the event loop what is in memory and by the thread pool what is not; HTTPS is read and written by
 * Node. What is small is read into memory first, where there is some. These ways must answer alike.
 */
const ways = ['sendfile', 'pool', 'stream'] as const;
type Way = (typeof ways)[number];

const size = 3_000_000;
const kernel = Buffer.from(Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8)) % 251));

async function serving() {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  const authority = await Authority.create(path);
  const identity = await authority.issue('rsa', 'rsa');
  const ca = await readFile(authority.cert);
  await writeFile(`${path}/kernel`, kernel);
  await writeFile(`${path}/small`, kernel.subarray(0, 65_536));
  await writeFile(`${path}/empty`, '');
  await writeFile(`${path}/big`, '');
  await truncate(`${path}/big`, 64 * 1024 * 1024);
  const flags = [
    `--artifact-dir=${path}`,
    `--tls-cert-file=${identity.cert}`,
    `--tls-key-file=${identity.key}`,
  ];
  const http = stack.use(await runHttp(flags, emptyMachines));
  const owned = stack.move();
  return {
    http,
    path,
    async open(way: Way): Promise<Socket> {
      const socket =
        way === 'stream'
          ? connectSecurely({ port: http.securePort!, host: '127.0.0.1', ca })
          : connect(http.port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, way === 'stream' ? 'secureConnect' : 'connect');
      return socket;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Serving = Awaited<ReturnType<typeof serving>>;

/** No memory for what is small, until it is disposed of. */
function allLarge() {
  const { mock: read } = mock.method(SmallParts.prototype, 'read', async (part: FilePart) => part);
  return { [Symbol.dispose]: () => read.restore() };
}

/** All that comes until the connection ends, without what differs from one second to the next. */
async function answerTo({ open }: Serving, way: Way, request: string): Promise<string> {
  using _pool = way === 'pool' ? allInPool() : undefined;
  const socket = await open(way);
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  socket.write(request);
  await once(socket, 'close');
  return Buffer.concat(pieces)
    .toString('latin1')
    .replace(/\r\nDate: [^\r]*/g, '');
}

/** Log line and event of the last answer, without peer and time. */
async function toldOf({ log, reporter }: RunningHttp, answers: number) {
  await until('the line and the event', () => {
    return (
      log.filter(({ msg }) => msg === 'answered').length === answers && reporter.events.length === answers
    );
  });
  const { peer: _peer, ms: _ms, time: _time, ...line } = log.filter(({ msg }) => msg === 'answered').at(-1)!;
  const { why, outcome, said, details } = reporter.events.at(-1)!;
  return { line, event: { why, outcome, said, bytes: details.bytes, size: details.size } };
}

const get = (path: string, ...fields: string[]) =>
  [`GET /artifacts/${path} HTTP/1.1`, 'Host: b', 'Connection: close', ...fields, '', ''].join('\r\n');

const requests: Readonly<Record<string, string>> = {
  'the whole': get('kernel'),
  'the whole, HTTP/1.0': 'GET /artifacts/kernel HTTP/1.0\r\n\r\n',
  'a small file': get('small'),
  'a part of a small file': get('small', 'Range: bytes=3-3502'),
  'the most that is small': get('kernel', 'Range: bytes=1000-66535'),
  'the least that is not': get('kernel', 'Range: bytes=1000-66536'),
  'an empty file': get('empty'),
  'the first byte': get('kernel', 'Range: bytes=0-0'),
  'a part from the middle': get('kernel', 'Range: bytes=1000000-2500000'),
  'the end': get('kernel', 'Range: bytes=-5'),
  'behind the end': get('kernel', `Range: bytes=${size}-`),
  'several ranges': get('kernel', 'Range: bytes=0-1,5-6'),
  'a HEAD': get('kernel').replace('GET', 'HEAD'),
  'a HEAD of a part': get('kernel', 'Range: bytes=0-9').replace('GET', 'HEAD'),
  'what it has already': get('kernel', 'If-None-Match: *'),
  'what it has since a date': get('kernel', 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT'),
  'a precondition that fails': get('kernel', 'If-Match: "other"'),
  'a part of another version': get('kernel', 'Range: bytes=0-9', 'If-Range: "other"'),
  'what is not there': get('nothing'),
  'a way out': get('../kernel'),
};

describe('an artifact, from memory, by sendfile and as a stream', () => {
  for (const [what, request] of Object.entries(requests)) {
    it(`is answered alike: ${what}`, async () => {
      await using served = await serving();
      const first = await answerTo(served, 'sendfile', request);
      const told = await toldOf(served.http, 1);
      expect(first).to.match(/^HTTP\/1\.1 \d{3} /);
      let answers = 1;
      for (const isRead of [true, false]) {
        using _large = isRead ? undefined : allLarge();
        for (const way of ways) {
          const other = await answerTo(served, way, request);
          expect(first === other, `the same bytes (${way}, ${isRead})`).to.equal(true);
          expect(await toldOf(served.http, ++answers)).to.deep.equal(told);
        }
      }
    });
  }

  it('is answered alike in a pipeline, each in its turn', async () => {
    await using served = await serving();
    const kept = (path: string) => get(path).replace('Connection: close\r\n', '');
    const pipeline = `${['kernel', 'nothing', 'small', 'empty'].map(kept).join('')}${get('kernel', 'Range: bytes=5-9')}`;
    const one = await answerTo(served, 'sendfile', pipeline);
    expect(one === (await answerTo(served, 'stream', pipeline))).to.equal(true);
    using _large = allLarge();
    expect(one === (await answerTo(served, 'sendfile', pipeline))).to.equal(true);
    expect(one.match(/HTTP\/1\.1 \d{3}/g)).to.deep.equal(
      ['200', '404', '200', '200', '206'].map((n) => `HTTP/1.1 ${n}`),
    );
    expect(one.includes(kernel.toString('latin1'))).to.equal(true);
  });

  for (const way of ways) {
    it(`ends its connection when the file was cut meanwhile (${way})`, async () => {
      await using served = await serving();
      const socket = await served.open(way);
      socket.write(get('big'));
      await once(socket, 'data');
      socket.pause();
      await truncate(`${served.path}/big`, 1024);
      socket.resume();
      await once(socket, 'close');
      const { line, event } = await toldOf(served.http, 1);
      expect(line).to.include({ status: 200, why: 'file-changed' });
      expect(event).to.include({ why: 'file-changed', outcome: 'no' });
    });

    it(`is told to be aborted when its client goes (${way})`, async () => {
      await using served = await serving();
      const socket = await served.open(way);
      socket.write(get('big'));
      await once(socket, 'data');
      socket.destroy();
      const { line } = await toldOf(served.http, 1);
      expect(line).to.include({ why: 'aborted' });
      expect(line.bytes)
        .to.be.greaterThan(0)
        .and.lessThan(64 * 1024 * 1024);
    });
  }
});
