import { expect } from 'chai';
import { type Libc, loadLibc } from '#shared/udp/libc.ts';
import { BatchSocket } from '#shared/udp/socket.ts';
import { echo, loopback, open, peer } from '../../../support/udp.ts';
import { until } from '../../../support/until.ts';

/** The real libc, until a test says that a call fails (an interruption: once). */
function moodyLibc() {
  const real = loadLibc();
  const failing = { sendmmsg: undefined as string | undefined, recvmmsg: undefined as string | undefined };
  let last: string | undefined;
  const call = (name: keyof typeof failing, really: () => number): number => {
    last = failing[name];
    if (last === 'EINTR') failing[name] = undefined;
    return last === undefined ? really() : -1;
  };
  const watched: { report(status: number): void }[] = [];
  const libc: Libc = {
    ...real,
    watch(fd, interest, ready) {
      const watch = real.watch(fd, interest, ready) as ReturnType<Libc['watch']> & { stop(): void };
      // As libuv does when a descriptor has an error pending: it stops, and says so.
      watched.push({
        report(status) {
          watch.stop();
          ready(status);
        },
      });
      return watch;
    },
    sendmmsg: (...args) => call('sendmmsg', () => real.sendmmsg(...args)),
    recvmmsg: (...args) => call('recvmmsg', () => real.recvmmsg(...args)),
    errno: () => last ?? real.errno(),
  };
  return { libc, failing, watched };
}

/** A socket of the engine on a moody libc, with room for 8 datagrams in its queue. */
function moodySocket() {
  const { libc, failing, watched } = moodyLibc();
  const errors: Error[] = [];
  const fd = libc.socket(2, 2 | 0x800, 0);
  const onError = (error: Error) => void errors.push(error);
  const socket = new BatchSocket(libc, {
    fd,
    address: 0,
    port: 0,
    device: undefined,
    batch: 2,
    maxDatagram: 100,
    joins: false,
    awake: false,
    handle: echo,
    onError,
  });
  return { socket, failing, errors, report: (status: number) => watched[0]!.report(status) };
}

describe('shared/udp/socket.ts, when the kernel will not', () => {
  it('keeps what fits, drops and counts the rest, and sends in order once it can', async () => {
    const { socket, failing } = moodySocket();
    using client = await peer();
    failing.sendmmsg = 'EAGAIN';
    for (let at = 0; at < 12; at++)
      socket.send({ bytes: Buffer.from(`${at}`), address: loopback, port: client.port });
    await new Promise(setImmediate);
    expect(socket.stats).to.include({ sent: 0, sendErrors: 4 });
    failing.sendmmsg = undefined;
    expect(await client.hears(8)).to.deep.equal(['0', '1', '2', '3', '4', '5', '6', '7']);
    await socket.close();
    expect(socket.stats).to.include({ sent: 8, sendErrors: 4 });
  });

  it('closes in the end, even if the queue never empties', async () => {
    const { socket, failing } = moodySocket();
    failing.sendmmsg = 'EAGAIN';
    socket.send({ bytes: Buffer.from('never'), address: loopback, port: 9 });
    const started = performance.now();
    await socket.close();
    expect(performance.now() - started).to.be.within(900, 5000);
    expect(socket.stats).to.include({ sent: 0, sendErrors: 1 });
  });

  it('sends again after an interrupted call', async () => {
    const { socket, failing } = moodySocket();
    using client = await peer();
    failing.sendmmsg = 'EINTR';
    socket.send({ bytes: Buffer.from('again'), address: loopback, port: client.port });
    expect(await client.hears(1)).to.deep.equal(['again']);
    expect(failing.sendmmsg).to.equal(undefined);
    await socket.close();
  });

  it('tells of a failure to receive, waits a little and hears again', async () => {
    const { socket, failing, errors } = moodySocket();
    await using sender = open();
    using client = await peer();
    socket.send({ bytes: Buffer.from('where am I?'), address: loopback, port: client.port });
    await client.hears(1);
    const { port } = client.heard[0]!.from;
    failing.recvmmsg = 'ENOMEM';
    await client.send('anybody?', port);
    await until('the error', () => errors.length === 1);
    expect(errors[0]).to.include({ code: 'ENOMEM' });
    failing.recvmmsg = undefined;
    expect(await client.hears(2)).to.deep.equal(['where am I?', 'anybody?']);
    expect(errors).to.have.lengthOf(1);
    await socket.close();
    await sender.close();
  });

  it('goes on when libuv stops watching for an error', async () => {
    const { socket, report } = moodySocket();
    using client = await peer();
    socket.send({ bytes: Buffer.from('here'), address: loopback, port: client.port });
    await client.hears(1);
    report(-9);
    await client.send('still there?', client.heard[0]!.from.port);
    expect(await client.hears(2)).to.deep.equal(['here', 'still there?']);
    await socket.close();
  });
});
