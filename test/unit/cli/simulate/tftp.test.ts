import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { expect } from 'chai';
import { type TftpRead, tftpRead } from '../../../../cli/simulate/tftp.ts';

type Answer = (send: (bytes: Uint8Array) => void, asked: Buffer, server: Socket, from: RemoteInfo) => void;

/** A scripted server: `answer` is called with each packet that comes. */
async function withServer(
  answer: Answer,
  work: (port: number, asked: Buffer[]) => Promise<void>,
): Promise<void> {
  const server = createSocket('udp4');
  const asked: Buffer[] = [];
  server.on('message', (bytes, from) => {
    asked.push(bytes);
    answer((reply) => server.send(reply, from.port, from.address), bytes, server, from);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(server.address().port, asked);
  } finally {
    server.close();
  }
}

function data(block: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([0, 3, block >> 8, block & 255]), bytes]);
}

/** Answers like a server with that file. */
function serving(file: Uint8Array): Answer {
  return (send, asked) => {
    const acked = asked[1] === 4 ? asked.readUInt16BE(2) : 0;
    if (acked * 512 <= file.length) send(data(acked + 1, file.subarray(acked * 512, acked * 512 + 512)));
  };
}

async function read(port: number, more: Partial<TftpRead> = {}): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  await tftpRead({
    server: { host: '127.0.0.1', port },
    file: 'undionly.kpxe',
    localAddress: '127.77.1.2',
    signal: AbortSignal.timeout(10_000),
    onData: (part) => parts.push(part),
    ...more,
  });
  return Buffer.concat(parts);
}

describe('cli/simulate/tftp.ts', () => {
  for (const size of [0, 1, 511, 512, 513, 5000]) {
    it(`reads a file of ${size} bytes`, async () => {
      const file = Buffer.alloc(size, 'smee');
      await withServer(serving(file), async (port, asked) => {
        expect((await read(port)).equals(file)).to.equal(true);
        expect(asked[0]?.toString('latin1')).to.equal('\0\x01undionly.kpxe\0octet\0');
      });
    });
  }

  it('sends from the address of the machine', async () => {
    let address = '';
    const answer: Answer = (send, _asked, _server, from) => {
      address = from.address;
      send(data(1, Buffer.alloc(3)));
    };
    await withServer(answer, async (port) => {
      await read(port);
      expect(address).to.equal('127.77.1.2');
    });
  });

  it('says its last packet again when nothing comes', async () => {
    const file = Buffer.alloc(600, 'x');
    let seen = 0;
    const forgetful: Answer = (...args) => {
      if (++seen !== 2) serving(file)(...args);
    };
    await withServer(forgetful, async (port, asked) => {
      expect((await read(port)).equals(file)).to.equal(true);
      expect(asked[2]?.equals(asked[1]!)).to.equal(true);
    });
  });

  it('passes over a block that it has, and a stranger', async () => {
    const file = Buffer.alloc(600, 'x');
    const stranger = createSocket('udp4');
    const noisy: Answer = (send, asked, server, from) => {
      if (asked[1] === 4) {
        send(data(1, Buffer.alloc(512, 'old')));
        stranger.send(data(2, Buffer.alloc(1, 'bad')), from.port, from.address, () =>
          serving(file)(send, asked, server, from),
        );
      } else serving(file)(send, asked, server, from);
    };
    await withServer(noisy, async (port) => {
      expect((await read(port)).equals(file)).to.equal(true);
    });
    stranger.close();
  });

  it('ends at an ERROR, with its sentence and reason', async () => {
    const refusing: Answer = (send) => send(Buffer.from('\0\x05\0\x01loader-missing: no such file\0'));
    await withServer(refusing, async (port) => {
      const error = await read(port).catch((thrown: unknown) => thrown);
      expect(error).to.include({ why: 'loader-missing' });
      expect(String(error)).to.contain('ERROR 1 (loader-missing: no such file)');
    });
  });

  it('ends when it is told to', async () => {
    await withServer(
      () => undefined,
      async (port) => {
        const error = await read(port, { signal: AbortSignal.timeout(50) }).catch(
          (thrown: unknown) => thrown,
        );
        expect(error).to.include({ name: 'TimeoutError' });
      },
    );
  });
});
