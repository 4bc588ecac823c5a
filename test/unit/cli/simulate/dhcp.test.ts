import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect } from 'chai';
import { DhcpClient, DISCOVER, OFFER, textOption, typeOf } from '../../../../cli/simulate/dhcp.ts';
import { clientOptions, firmwares } from '../../../../cli/simulate/firmware.ts';

const mac = '52:54:00:77:00:07';
const magic = [99, 130, 83, 99];

/** The bytes of a reply to a request, with these options. */
function replyTo(request: Buffer, options: readonly number[], xid = request.readUInt32BE(4)): Buffer {
  const reply = Buffer.alloc(300);
  reply.set([2, 1, 6]);
  reply.writeUInt32BE(xid, 4);
  reply.set([10, 0, 0, 7], 16);
  request.copy(reply, 28, 28, 34);
  reply.set([...magic, ...options, 255], 236);
  return reply;
}

const offer = [53, 1, 2, 54, 4, 10, 0, 0, 1];

/** A client, and what a scripted server answers to its nth packet. */
async function withClient(
  answers: (request: Buffer, count: number) => readonly Buffer[],
  work: (client: DhcpClient, requests: Buffer[]) => Promise<void>,
): Promise<void> {
  const server = createSocket('udp4');
  const requests: Buffer[] = [];
  server.on('message', (request, from) => {
    requests.push(request);
    for (const reply of answers(request, requests.length)) server.send(reply, from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const options = { host: '127.0.0.1', port: server.address().port };
  try {
    await using client = await DhcpClient.open({
      server: options,
      localAddress: '127.77.1.3',
      mac,
      signal: AbortSignal.timeout(5000),
    });
    await work(client, requests);
  } finally {
    server.close();
  }
}

const say = {
  type: DISCOVER,
  options: clientOptions(
    firmwares.ipxe.ipxe,
    Array.from({ length: 16 }, () => 7),
  ),
};

describe('cli/simulate/dhcp.ts', () => {
  it('puts MAC, message type and netboot options where RFC 2131 and RFC 4578 say', () =>
    withClient(
      (request) => [replyTo(request, offer)],
      async (client, requests) => {
        await client.ask(say, [OFFER]);
        const request = requests[0]!;
        expect(request.length).to.be.at.least(300);
        expect(request.subarray(0, 4)).to.deep.equal(Buffer.from([1, 1, 6, 0]));
        expect(request.subarray(28, 34).toString('hex')).to.equal('525400770007');
        expect([...request.subarray(236, 240)]).to.deep.equal(magic);
        const options = request.subarray(240);
        for (const [name, bytes] of [
          ['message type', [53, 1, 1]],
          ['architecture', [93, 2, 0, 0]],
          ['network interface', [94, 3, 1, 2, 1]],
          ['UUID', [97, 17, 0, 7, 7]],
          ['user class', [77, 4, ...Buffer.from('iPXE')]],
        ] as const) {
          expect(options.indexOf(Buffer.from(bytes)), name).to.be.at.least(0);
        }
      },
    ));

  it('reads the answer, also with options that the package does not know, and routes of uneven length', () =>
    withClient(
      (request) => [
        replyTo(request, [...offer, 82, 3, 1, 1, 65, 121, 7, 16, 10, 20, 10, 0, 0, 254, 67, 1, 120]),
      ],
      async (client) => {
        const reply = await client.ask(say, [OFFER]);
        expect(reply).to.deep.include({ yiaddr: '10.0.0.7' });
        expect(typeOf(reply)).to.equal(OFFER);
        expect(textOption(reply, 67)).to.equal('x');
        expect(reply.options[54]).to.equal('10.0.0.1');
      },
    ));

  it('passes over answers to others, of another kind, and what it cannot read', () =>
    withClient(
      (request) => [
        Buffer.from('nonsense'),
        replyTo(request, offer, 1),
        replyTo(request, [53, 1, 5]),
        replyTo(request, [...offer, 67, 4, ...Buffer.from('mine')]),
      ],
      async (client) => {
        expect(textOption(await client.ask(say, [OFFER]), 67)).to.equal('mine');
      },
    ));

  it('asks again, with the same xid, when nobody answers', () =>
    withClient(
      (request, count) => (count < 2 ? [] : [replyTo(request, offer)]),
      async (client, requests) => {
        await client.ask(say, [OFFER]);
        expect(requests).to.have.length(2);
        expect(requests[1]!.equals(requests[0]!)).to.equal(true);
      },
    ));
});
