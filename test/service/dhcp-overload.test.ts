import { expect } from 'chai';
import { message } from '../support/dhcp-peer.ts';
import { ip, mac } from '../support/dhcp-request.ts';
import { dhcpService } from '../support/dhcp-service.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { open } from '../support/udp.ts';
import { until } from '../support/until.ts';

const known = fixedMachines([machine({ dhcp: { mac: mac('52:54:00:77:00:07') } })]);

/** More than the receive buffer holds. */
const flood = 60_000;

describe('services/dhcp/server, asked for more than it can take', () => {
  it('answers what was there first, lets the kernel drop the rest, and counts every datagram', async function () {
    this.timeout(20_000);
    await using service = await dhcpService({ machines: known });
    const answered: number[] = [];
    await using client = open({
      handle: (answer) => {
        answered.push(new DataView(answer.buffer, answer.byteOffset).getUint32(4));
        return undefined;
      },
    });
    const bytes = message();
    const ask = (xid: number) => {
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(4, xid);
      client.send({ bytes, address: ip('127.0.0.1'), port: service.server.port });
    };
    const counted = async () => {
      const text = await (await service.ops('/metrics')).text();
      const of = (name: string) =>
        Number(new RegExp(`^smee_dhcp_${name}\\{.*\\} (\\d+)$`, 'm').exec(text)?.[1]);
      return {
        received: of('received_total'),
        dropped: of('dropped_by_kernel_total'),
        offers: of('exchanges_total'),
      };
    };

    const started = performance.now();
    // All at once: nobody reads meanwhile, and most find the buffer full.
    let asked = 0;
    while (asked < flood) ask(asked++);
    // What the kernel has dropped, it tells with the next datagram.
    await until('every datagram is accounted for', async () => {
      ask(asked++);
      const { received, dropped } = await counted();
      return received + dropped >= asked;
    });
    const { received, dropped, offers } = await counted();
    expect(dropped).to.be.greaterThan(0);
    // Every two seconds the socket sends itself a datagram, which is counted only when it was dropped, too.
    const probes = Math.ceil((performance.now() - started) / 2000);
    expect(received + dropped - asked).to.be.within(0, probes);
    expect(offers).to.equal(received);
    await until('every answer is heard', () => answered.length + client.stats.droppedByKernel === offers);
    expect(answered.at(-1), 'the newest, once there is room').to.equal(asked - 1);
    const first = answered.filter((xid) => xid < flood);
    expect(first, 'of the flood those that came first').to.deep.equal(Array.from(first.keys()));
  });
});
