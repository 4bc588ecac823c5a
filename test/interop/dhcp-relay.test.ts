import { expect } from 'chai';
import { need } from '../support/clients.ts';
import { type Namespace, provisioner } from '../support/lab.ts';
import { Capture, type Frame } from '../support/lab-capture.ts';
import { createDhcpLab, type DhcpLab } from '../support/lab-dhcp.ts';
import { nextLease } from '../support/lab-lease.ts';
import type { LabProcess } from '../support/lab-process.ts';

const mac = '52:54:00:78:00:07';
const relayAddress = '192.168.78.1';
const address = '192.168.78.107';

describe('services/dhcp behind relays', function () {
  this.timeout(60_000);
  let net: DhcpLab;
  let relay: Namespace;
  let client: Namespace;

  before(async function () {
    net = await createDhcpLab(this);
    relay = await net.lab.addClient('relay', '52:54:00:77:00:02');
    client = await net.lab.addHost('client');
    await net.lab.cable(relay, 'down0', client, 'eth0', mac);
    await relay.setUp(
      'ip addr add 192.168.77.2/24 dev eth0',
      `ip addr add ${relayAddress}/24 brd + dev down0`,
      'echo 1 > /proc/sys/net/ipv4/ip_forward',
    );
    await net.lab.prov.setUp('ip route add 192.168.78.0/24 via 192.168.77.2');
    const ip = { address, netmask: '255.255.255.0', gateway: relayAddress };
    await net.apply({ name: 'behind-relay', dhcp: { mac, hostname: 'behind-relay', ip } });
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  /** A lease and its renewal through a running relay; gives what passed between relay and server. */
  async function leaseThrough(test: Mocha.Context, running: LabProcess): Promise<readonly Frame[]> {
    const udhcpc = need(test, 'udhcpc', 'udhcpc');
    const upstream = await Capture.start(relay, 'eth0');
    await using machine = client.spawn(udhcpc, ['-f', '-i', 'eth0', '-s', net.script]);
    const { variables } = await nextLease(machine, /bound/);
    expect(variables).to.include({
      ip: address,
      subnet: '255.255.255.0',
      router: relayAddress,
      serverid: provisioner,
    });
    const { mark } = machine;
    await machine.signal('SIGUSR1');
    await nextLease(machine, /renew/, mark);
    await upstream.until('ACK to the renewal', ({ type, to }) => type === 5 && to === address);
    await upstream.stop();
    await running.stop();
    return upstream.frames;
  }

  it('answers through dhcrelay and gives option 82 back as the last option', async function () {
    const dhcrelay = need(this, 'dhcrelay', '.ci/install unpacks it');
    const args = ['-4', '-d', '--no-pid', '-a', '-iu', 'eth0', '-id', 'down0', provisioner];
    const running = relay.spawn(dhcrelay, args);
    await running.until(/Sending on\s+Socket/);
    const frames = await leaseThrough(this, running);

    const request = frames.find(({ type, giaddr }) => type === 1 && giaddr === relayAddress);
    const agentOption = request?.options.find(([code]) => code === 82);
    expect(agentOption, 'option 82 of the relay').not.to.equal(undefined);
    const replies = frames.filter(({ fromPort, giaddr }) => fromPort === 67 && giaddr === relayAddress);
    const answers = replies.filter(({ from }) => from === provisioner);
    expect(answers.map(({ type }) => type)).to.include.members([2, 5]);
    for (const answer of answers) {
      expect(answer).to.include({ to: relayAddress, toPort: 67 });
      expect(answer.options.at(-1)).to.deep.equal(agentOption);
    }
  });

  it("answers through dnsmasq's relay, which adds no option 82", async function () {
    const dnsmasq = need(this, 'dnsmasq', 'dnsmasq-base');
    const how = ['--no-daemon', '--port=0', '--conf-file=/dev/null'];
    const running = relay.spawn(dnsmasq, [...how, `--dhcp-relay=${relayAddress},${provisioner}`]);
    await running.until(/DHCP relay from/);
    const frames = await leaseThrough(this, running);

    const answers = frames.filter(({ from, to }) => from === provisioner && to === relayAddress);
    expect(answers.map(({ type }) => type)).to.include.members([2, 5]);
    for (const answer of answers) {
      expect(answer.toPort).to.equal(67);
      expect(answer.options.map(([code]) => code)).not.to.include(82);
    }
  });
});
