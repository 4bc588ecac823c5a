import { expect } from 'chai';
import { anyAddress } from '#shared/ip4.ts';
import type { UdpSocket } from '#shared/udp/engine.ts';
import { echo, loopback, open, peer } from '../../../support/udp.ts';
import { until } from '../../../support/until.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `datagram ${at}`);

/** Lets nothing else run: what is sent meanwhile meets a server that is busy. */
function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

describe('shared/udp/socket.ts', () => {
  it('answers every datagram of many batches, in order', async () => {
    await using socket = open();
    using client = await peer();
    const sent = numbered(1000);
    await Promise.all(sent.map((text) => client.send(text, socket.port)));
    expect(await client.hears(1000)).to.deep.equal(sent);
    expect(socket.stats).to.deep.equal({
      received: 1000,
      sent: 1000,
      droppedByKernel: 0,
      sendErrors: 0,
      truncated: 0,
      handlerErrors: 0,
    });
  });

  it('answers the same when it waits awake, in lockstep and at once, and leaves the loop to others meanwhile', async () => {
    await using socket = open({ awake: true });
    using client = await peer();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const sent = numbered(50);
    for (const [at, text] of sent.entries()) {
      await client.send(text, socket.port);
      await client.hears(at + 1);
    }
    clearInterval(timer);
    await Promise.all(sent.map((text) => client.send(text, socket.port)));
    expect(await client.hears(100)).to.deep.equal([...sent, ...sent]);
    expect(socket.stats).to.include({ received: 100, sent: 100, handlerErrors: 0 });
    expect(turns).to.be.greaterThan(5);
  });

  it('carries every byte, and empty datagrams', async () => {
    const heard: Uint8Array[] = [];
    const keep = (bytes: Uint8Array) => {
      heard.push(bytes.slice());
      return undefined;
    };
    await using to = open({ handle: keep, maxDatagram: 65_535, batch: 4 });
    await using from = open();
    const largest = Uint8Array.from({ length: 65_507 }, (_, at) => at * 31);
    for (const bytes of [new Uint8Array(0), largest]) from.send({ bytes, address: loopback, port: to.port });
    await until('both', () => heard.length === 2);
    expect(heard[0]).to.have.lengthOf(0);
    expect(Buffer.compare(heard[1]!, largest)).to.equal(0);
  });

  it('hears itself, and neither its handler nor anybody who counts hears of that', async () => {
    const heard: string[] = [];
    const handle = (bytes: Uint8Array) => void heard.push(String(bytes));
    await using socket = open({ handle });
    await using everywhere = open({ handle, address: anyAddress });
    for (let times = 0; times < 5; times++) {
      const sent = [socket, everywhere].map((one) => one.stats.sent);
      expect([socket.hears(), everywhere.hears()]).to.deep.equal([true, true]);
      await until('both sent', () => [socket, everywhere].every((one, at) => one.stats.sent > sent[at]!));
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    }
    expect(heard).to.deep.equal([]);
    expect(socket.stats.received).to.equal(0);
  });

  it('copies what it is given to send', async () => {
    await using socket = open();
    using client = await peer();
    const bytes = Buffer.from('first');
    socket.send({ bytes, address: loopback, port: client.port });
    bytes.write('other');
    socket.send({ bytes, address: loopback, port: client.port });
    expect(await client.hears(2)).to.deep.equal(['first', 'other']);
  });

  it('sends far more at once than its queue holds', async () => {
    await using socket = open({ batch: 4 });
    using client = await peer();
    const sent = numbered(500);
    for (const text of sent) socket.send({ bytes: Buffer.from(text), address: loopback, port: client.port });
    expect(await client.hears(500)).to.deep.equal(sent);
  });

  it('cuts a datagram that is too long, and counts it', async () => {
    await using socket = open({ maxDatagram: 300 });
    using client = await peer();
    await client.send('x'.repeat(301), socket.port);
    await client.send('y'.repeat(300), socket.port);
    expect(await client.hears(2)).to.deep.equal(['x'.repeat(300), 'y'.repeat(300)]);
    expect(socket.stats.truncated).to.equal(1);
  });

  it('goes on after a handler that throws, counts it and tells', async () => {
    const errors: string[] = [];
    await using socket = open({
      handle(bytes, info) {
        if (bytes.length === 3) throw new Error('cannot');
        return echo(bytes, info);
      },
      onError: (error) => errors.push(error.message),
    });
    using client = await peer();
    for (const text of ['one', 'three']) await client.send(text, socket.port);
    expect(await client.hears(1)).to.deep.equal(['three']);
    expect(errors).to.deep.equal(['cannot']);
    expect(socket.stats.handlerErrors).to.equal(1);
  });

  it('skips and counts what cannot be sent, and sends the rest', async () => {
    await using socket = open();
    using client = await peer();
    const to = (bytes: Uint8Array, address = loopback, port = client.port) =>
      socket.send({ bytes, address, port });
    to(Buffer.from('before'));
    to(Buffer.from('no route from 127.0.0.1'), 0xc0_00_02_01);
    to(Buffer.from('no port'), loopback, 0);
    to(new Uint8Array(65_530));
    to(Buffer.from('after'));
    expect(await client.hears(2)).to.deep.equal(['before', 'after']);
    expect(socket.stats).to.include({ sent: 2, sendErrors: 3 });
  });

  it('hears after a peer that is gone answered with ICMP', async () => {
    await using socket = open();
    const gone = open();
    const { port } = gone;
    await gone.close();
    for (let i = 0; i < 10; i++) socket.send({ bytes: Buffer.from('anybody?'), address: loopback, port });
    using client = await peer();
    await client.send('still there?', socket.port);
    expect(await client.hears(1)).to.deep.equal(['still there?']);
  });

  it('counts what the kernel dropped while the loop was busy', async () => {
    let received = 0;
    const count = () => {
      received++;
      return undefined;
    };
    await using socket = open({ receiveBuffer: 4096, handle: count });
    await using sender = open();
    const bytes = new Uint8Array(500);
    for (let i = 0; i < 200; i++) sender.send({ bytes, address: loopback, port: socket.port });
    await until('the first', () => received > 0);
    sender.send({ bytes, address: loopback, port: socket.port }); // the kernel tells with a later datagram
    await until('all accounted for', () => received + socket.stats.droppedByKernel === 201);
    expect(socket.stats.droppedByKernel).to.be.greaterThan(0);
  });

  it('leaves the event loop to others while it is flooded', async () => {
    let handled = 0;
    const slow = () => {
      handled++;
      block(0.02);
      return undefined;
    };
    await using socket = open({ handle: slow });
    await using sender = open();
    const bytes = new Uint8Array(100);
    for (let i = 0; i < 2000; i++) sender.send({ bytes, address: loopback, port: socket.port });
    const perTurn: number[] = [];
    for (let before = 0; handled < 2000; before = handled) {
      await new Promise(setImmediate);
      perTurn.push(handled - before);
    }
    expect(Math.max(...perTurn)).to.be.at.most(4 * 64);
  });

  it('runs promises of a handler before the loop waits again', async () => {
    let ran = false;
    const later = () => {
      void Promise.resolve().then(() => {
        ran = true;
      });
      return undefined;
    };
    await using socket = open({ handle: later });
    using client = await peer();
    await client.send('x', socket.port);
    await until('the promise', () => ran);
  });

  it('serves 64 sockets at once without a thread for any of them', async () => {
    await using stack = new AsyncDisposableStack();
    const sockets = Array.from({ length: 64 }, () => stack.use(open({ batch: 8 })));
    using client = await peer();
    await Promise.all(
      sockets.flatMap(({ port }) => numbered(10).map((text) => client.send(`${port} ${text}`, port))),
    );
    const heard = await client.hears(640);
    const expected = sockets.flatMap(({ port }) => numbered(10).map((text) => `${port} ${text}`));
    expect([...heard].sort()).to.deep.equal(expected.sort());
  });

  describe('closing', () => {
    it('sends what is queued, and may be asked for twice', async () => {
      const socket = open();
      using client = await peer();
      socket.send({ bytes: Buffer.from('last words'), address: loopback, port: client.port });
      await Promise.all([socket.close(), socket.close()]);
      socket.send({ bytes: Buffer.from('too late'), address: loopback, port: client.port });
      await socket.close();
      expect(await client.hears(1)).to.deep.equal(['last words']);
      expect(socket.stats.sent).to.equal(1);
    });

    it('gives the port back', async () => {
      const first = open();
      const { port } = first;
      await first.close();
      await using second = open({ port });
      expect(second.port).to.equal(port);
    });

    it('may be done by a handler, in the middle of a batch', async () => {
      let handled = 0;
      let closed: Promise<void> | undefined;
      const socket: UdpSocket = open({
        handle(bytes, info) {
          handled++;
          if (handled === 5) closed = socket.close();
          return echo(bytes, info);
        },
      });
      using client = await peer();
      await using sender = open();
      for (let i = 0; i < 20; i++)
        sender.send({ bytes: new Uint8Array(10), address: loopback, port: socket.port });
      await until('the close', () => closed !== undefined);
      await closed;
      await client.send('x', socket.port).catch(() => {});
      expect(handled).to.equal(5);
      expect(socket.stats.sent).to.equal(4);
    });
  });
});
