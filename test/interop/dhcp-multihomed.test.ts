import { expect } from 'chai';
import { need } from '../support/clients.ts';
import { provisioner } from '../support/lab.ts';
import { Capture } from '../support/lab-capture.ts';
import { createDhcpLab, type DhcpLab } from '../support/lab-dhcp.ts';
import { nextLease } from '../support/lab-lease.ts';

const bridges = [
  { bridge: 'br0', server: provisioner, mac: '52:54:00:77:00:15', address: '192.168.77.121' },
  { bridge: 'br1', server: '192.168.88.1', mac: '52:54:00:88:00:15', address: '192.168.88.121' },
] as const;

describe('services/dhcp on two networks', function () {
  this.timeout(60_000);
  let net: DhcpLab;

  before(async function () {
    net = await createDhcpLab(this, { br1: '192.168.88.1/24' });
    await net.apply(
      ...bridges.map(({ bridge, mac, address }) => ({
        name: `on-${bridge}`,
        dhcp: { mac, ip: { address, netmask: '255.255.255.0' } },
      })),
    );
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  for (const { bridge, server, mac, address } of bridges) {
    it(`answers on ${bridge} from ${bridge}'s own address, and says that address`, async function () {
      const udhcpc = need(this, 'udhcpc', 'udhcpc');
      const client = await net.lab.addClient(`on-${bridge}`, mac, bridge);
      const here = await Capture.start(net.lab.prov, bridge);
      const others = bridges.find((other) => other.bridge !== bridge);
      const there = await Capture.start(net.lab.prov, others?.bridge ?? '');
      await using running = client.spawn(udhcpc, ['-f', '-i', 'eth0', '-s', net.script]);
      const { variables } = await nextLease(running, /bound/);
      expect(variables).to.include({ ip: address, serverid: server, siaddr: server });

      await here.until('ACK', ({ type }) => type === 5);
      const replies = here.frames.filter(({ fromPort }) => fromPort === 67);
      expect(new Set(replies.map(({ from }) => from))).to.deep.equal(new Set([server]));
      expect(there.frames, `frames on ${others?.bridge}`).to.deep.equal([]);
    });
  }
});
