import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import type { DatagramHandler } from '#shared/udp/engine.ts';
import { loadLibc } from '#shared/udp/libc.ts';
import { BatchSocket } from '#shared/udp/socket.ts';
import { echo, loopback, peer } from '../../../support/udp.ts';
import { until } from '../../../support/until.ts';

/** A socket that stays awake, and who asks it. */
async function awakeSocket(handle: DatagramHandler) {
  const real = loadLibc();
  let looks = 0;
  let counted: number[] = [];
  const recvmmsg: typeof real.recvmmsg = (...args) => {
    looks++;
    return real.recvmmsg(...args);
  };
  const socket = new BatchSocket(
    { ...real, recvmmsg },
    {
      fd: real.socket(2, 2 | 0x800, 0),
      address: 0,
      port: 0,
      device: undefined,
      batch: 2,
      maxDatagram: 100,
      joins: false,
      awake: true,
      handle: (datagram, info) => {
        looks = 0;
        // A promise's turn comes when the socket's is over: that of a file that is being opened, say.
        void Promise.resolve().then(() => counted.push(looks));
        return handle(datagram, info);
      },
      onError: (error) => {
        throw error;
      },
    },
  );
  const client = await peer();
  socket.send({ bytes: Buffer.from('here'), address: loopback, port: client.port });
  await until('its port is known', () => client.heard.length > 0);
  return {
    /** Sends one datagram: how often the socket looks for more before anything else has its turn. */
    async asks(): Promise<number> {
      counted = [];
      await client.send('ask', client.heard[0]!.from.port);
      await until('it was handled', () => counted.length > 0);
      return counted[0]!;
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await socket.close();
    },
  };
}

describe('shared/udp/socket.ts, awake', () => {
  it('looks again at once after what it has answered, where there is a processor to spare', async () => {
    await using socket = await awakeSocket(echo);
    if (availableParallelism() > 1) await until('it does', async () => (await socket.asks()) > 0);
    else expect(await socket.asks()).to.equal(0);
  });

  it('lets others have their turn after what it has not answered: a file may have to be read first', async () => {
    await using socket = await awakeSocket(() => undefined);
    for (let times = 0; times < 30; times++) expect(await socket.asks()).to.equal(0);
  });
});
