import { expect } from 'chai';
import fc from 'fast-check';
import { mmsghdr } from '#shared/udp/layout.ts';
import { type Libc, loadLibc } from '#shared/udp/libc.ts';
import { Sender } from '#shared/udp/sender.ts';
import { loopback, open, peer } from '../../../support/udp.ts';

/** Control data of one message with UDP_SEGMENT and no source address. */
const segmentOnly = 24;

/** The real libc, whose sendmmsg tells how many messages it was given, and may refuse to cut any apart. */
function watchedLibc(cutting: 'cuts' | 'EINVAL' | 'EIO') {
  const real = loadLibc();
  const calls: number[] = [];
  let refused = false;
  const libc: Libc = {
    ...real,
    sendmmsg(fd, messages, count, flags) {
      const [control = 0] = messages.subarray(mmsghdr.controlLength);
      refused = cutting !== 'cuts' && control === segmentOnly;
      if (refused) return -1;
      const taken = real.sendmmsg(fd, messages, count, flags);
      calls.push(taken);
      return taken;
    },
    errno: () => (refused ? cutting : real.errno()),
  };
  return { libc, calls };
}

/** A joining sender on a socket of its own. */
function sender(cutting: Parameters<typeof watchedLibc>[0]) {
  const { libc, calls } = watchedLibc(cutting);
  const fd = libc.socket(2, 2 | 0x800, 0);
  const queue = new Sender(libc, 16, true);
  return { queue, calls, fd, [Symbol.dispose]: () => void libc.close(fd) };
}

const block = (text: string, length: number) => Buffer.from(text.padEnd(length, '.'));

describe('shared/udp/sender.ts, joining', () => {
  it('hands a window to the kernel as one message, which arrives as its datagrams', async () => {
    using client = await peer();
    using sending = sender('cuts');
    const window = [...Array.from({ length: 15 }, (_, at) => block(`${at}`, 1472)), block('last', 700)];
    for (const bytes of window)
      sending.queue.add(sending.fd, { bytes, address: loopback, port: client.port });
    expect(sending.queue.flush(sending.fd)).to.equal(true);
    expect(await client.hears(16)).to.deep.equal(window.map(String));
    expect(sending.calls).to.deep.equal([1]);
    expect(sending.queue.sent).to.equal(16);
  });

  for (const error of ['EINVAL', 'EIO'] as const) {
    it(`sends them one by one where the kernel cannot cut them apart (${error}), and each once`, async () => {
      using client = await peer();
      using sending = sender(error);
      const windows = [0, 1].map((from) =>
        Array.from({ length: 8 }, (_, at) => block(`${from} ${at}`, 1472)),
      );
      for (const window of windows) {
        for (const bytes of window)
          sending.queue.add(sending.fd, { bytes, address: loopback, port: client.port });
        expect(sending.queue.flush(sending.fd)).to.equal(true);
      }
      expect(await client.hears(16)).to.deep.equal(windows.flat().map(String));
      expect([sending.queue.sent, sending.queue.failed]).to.deep.equal([16, 0]);
      // The second window is not even tried as one.
      expect(sending.calls).to.deep.equal([...Array(8).fill(1), 8]);
    });
  }

  it('carries any datagrams to any peers unchanged, each in its order', async () => {
    using one = await peer();
    using other = await peer();
    const datagram = fc.record({
      to: fc.constantFrom(one, other),
      length: fc.oneof(fc.constantFrom(0, 512, 1472), fc.integer({ min: 0, max: 9000 })),
      local: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(datagram, { maxLength: 60 }), async (datagrams) => {
        await using socket = open({ joins: true, batch: 16 });
        one.heard.length = other.heard.length = 0;
        const wanted = datagrams.map(({ to, length, local }, at) => {
          const bytes = block(`${at} `.slice(0, length), length);
          const way = local ? { sourceAddress: loopback } : {};
          socket.send({ bytes, address: loopback, port: to.port, ...way });
          return { to, text: String(bytes) };
        });
        for (const to of [one, other]) {
          const texts = wanted.filter((sent) => sent.to === to).map(({ text }) => text);
          expect(await to.hears(texts.length)).to.deep.equal(texts);
        }
        expect(socket.stats).to.include({ sent: datagrams.length, sendErrors: 0 });
      }),
      { numRuns: 40 },
    );
  });
});
