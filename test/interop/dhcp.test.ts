import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { need } from '../support/clients.ts';
import { provisioner } from '../support/lab.ts';
import { Capture } from '../support/lab-capture.ts';
import { createDhcpLab, type DhcpLab, type Node } from '../support/lab-dhcp.ts';
import { nextLease } from '../support/lab-lease.ts';
import type { LabProcess } from '../support/lab-process.ts';

/** A record in the provisioner's network: MAC and address end in the same number. */
function node(name: string, number: number, more: object = {}): Node {
  const ip = { address: `192.168.77.${number}`, netmask: '255.255.255.0', gateway: provisioner };
  return { name, dhcp: { mac: macOf(number), hostname: name, ip, ...more } };
}

function macOf(number: number): string {
  return `52:54:00:77:00:${number.toString(16).padStart(2, '0')}`;
}

const full = node('full', 107, {
  domain_name: 'dc1.example.com',
  lease_time: 86_400,
  name_servers: [provisioner, '1.1.1.1'],
  time_servers: [provisioner, '192.168.77.3'],
  classless_static_routes: [{ destination_descriptor: '10.20.0.0/16', router: '192.168.77.254' }],
});

describe('services/dhcp with udhcpc, dhclient and dhcpcd', function () {
  this.timeout(60_000);
  let net: DhcpLab;

  before(async function () {
    net = await createDhcpLab(this);
    await net.apply(
      full,
      node('renewing', 110),
      node('short', 111, { lease_time: 12 }),
      node('returning', 112),
      node('moving', 113),
      node('leaving', 114),
      { ...node('disabled', 115), disableDhcp: true },
      node('dhcpcd', 116, { lease_time: 7200, domain_name: 'dc1.example.com' }),
    );
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  /** The arguments of a dhclient that keeps its lease in a file of the test's and stays in the foreground. */
  function dhclientArgs(name: string, ...more: readonly string[]): string[] {
    const file = (kind: string) => join(net.folder, `${name}.${kind}`);
    const files = ['-lf', file('leases'), '-pf', file('pid'), '-cf', '/dev/null', '-sf', net.script];
    return ['-4', '-v', ...files, ...more, 'eth0'];
  }

  /** udhcpc in the foreground, asking for every option that a record can give. */
  function udhcpcArgs(...more: readonly string[]): string[] {
    const options = ['search', 'staticroutes', 'ntpsrv', 'broadcast', 'domain', 'tftp', 'bootfile'];
    return ['-f', '-i', 'eth0', '-s', net.script, ...options.flatMap((name) => ['-O', name]), ...more];
  }

  /** A dhclient that gets its lease and then dies without a word, as in a power cut: the lease file stays. */
  async function bindAndVanish(client: LabProcess): Promise<void> {
    await client.until(/^bound to /m);
    await client.signal('SIGKILL');
    await client.exited;
  }

  it('gives udhcpc everything that the record says', async function () {
    const udhcpc = need(this, 'udhcpc', 'udhcpc');
    const host = await net.lab.addClient('full', macOf(107));
    await using client = host.spawn(udhcpc, udhcpcArgs());
    const { variables } = await nextLease(client, /bound/);
    expect(variables).to.include({
      ip: '192.168.77.107',
      subnet: '255.255.255.0',
      broadcast: '192.168.77.255',
      router: provisioner,
      dns: `${provisioner} 1.1.1.1`,
      ntpsrv: `${provisioner} 192.168.77.3`,
      hostname: 'full',
      domain: 'dc1.example.com',
      search: 'dc1.example.com',
      staticroutes: `10.20.0.0/16 192.168.77.254 0.0.0.0/0 ${provisioner}`,
      lease: '86400',
      serverid: provisioner,
      siaddr: provisioner,
    });
    expect(variables).not.to.have.any.keys('boot_file', 'bootfile', 'tftp');
  });

  it('gives dhclient the same', async function () {
    const dhclient = need(this, 'dhclient', '.ci/install unpacks it');
    const host = await net.lab.addClient('full-isc', macOf(107));
    await net.lab.prov.setUp('ip link set to-full down');
    await using client = host.spawn(dhclient, dhclientArgs('full', '-d'));
    const { variables } = await nextLease(client, /BOUND/);
    expect(variables).to.include({
      new_ip_address: '192.168.77.107',
      new_subnet_mask: '255.255.255.0',
      new_broadcast_address: '192.168.77.255',
      new_routers: provisioner,
      new_domain_name_servers: `${provisioner} 1.1.1.1`,
      new_ntp_servers: `${provisioner} 192.168.77.3`,
      new_host_name: 'full',
      new_domain_name: 'dc1.example.com',
      new_domain_search: 'dc1.example.com.',
      new_dhcp_lease_time: '86400',
      new_dhcp_server_identifier: provisioner,
    });
  });

  it('gives dhcpcd a lease, renews it and hears it go', async function () {
    const dhcpcd = need(this, 'dhcpcd', '.ci/install unpacks it');
    const host = await net.lab.addClient('dhcpcd', macOf(116));
    const config = join(net.folder, 'dhcpcd.conf');
    await writeFile(config, 'option domain_name_servers, domain_name, host_name\nnoarp\n');
    const args = ['-4', '-B', '-d', '-f', config, '-c', net.script, 'eth0'];
    await using client = host.spawn(dhcpcd, args);
    const { variables } = await nextLease(client, /BOUND/);
    expect(variables).to.include({
      new_ip_address: '192.168.77.116',
      new_subnet_cidr: '24',
      new_host_name: 'dhcpcd',
      new_domain_name: 'dc1.example.com',
      new_dhcp_lease_time: '7200',
      new_dhcp_server_identifier: provisioner,
    });

    const { mark } = client;
    const heard = net.dhcp.mark;
    await host.run(dhcpcd, ['-4', '-N', '-f', config, 'eth0']);
    await nextLease(client, /RENEW/, mark);
    await client.signal('SIGALRM');
    await net.dhcp.until(/"mac":"52:54:00:77:00:74".*"why":"release"/, { from: heard });
  });

  it('broadcasts to a client without an address and renews by unicast, always in 300 bytes or more', async function () {
    const udhcpc = need(this, 'udhcpc', 'udhcpc');
    const host = await net.lab.addClient('renewing', macOf(110));
    const capture = await Capture.start(net.lab.prov, 'to-renewing');
    await using client = host.spawn(udhcpc, udhcpcArgs());
    await nextLease(client, /bound/);
    const { mark } = client;
    await client.signal('SIGUSR1');
    await nextLease(client, /renew/, mark);

    const renewal = await capture.until('renewing REQUEST', (one) => one.ciaddr === '192.168.77.110');
    const renewed = await capture.until(
      'ACK to the renewal',
      (one) => one.type === 5 && one.xid === renewal.xid && one.to === '192.168.77.110',
    );
    expect(renewed).to.include({ from: provisioner, fromPort: 67, toPort: 68, toMac: macOf(110) });
    const replies = capture.frames.filter((one) => one.fromPort === 67);
    expect(replies.map(({ type, to }) => `${type} ${to}`)).to.include.members([
      '2 255.255.255.255',
      '5 255.255.255.255',
    ]);
    for (const reply of replies) expect(reply.length).to.be.at.least(300);
  });

  it('answers a renewal by unicast and a rebinding by broadcast', async function () {
    const dhclient = need(this, 'dhclient', '.ci/install unpacks it');
    const host = await net.lab.addClient('short', macOf(111));
    const eager = join(net.folder, 'eager.conf');
    await writeFile(eager, 'initial-interval 1;\nbackoff-cutoff 1;\n');
    const capture = await Capture.start(net.lab.prov, 'to-short');
    await using client = host.spawn(dhclient, dhclientArgs('short', '-cf', eager, '-d'));
    await nextLease(client, /BOUND/);
    await nextLease(client, /RENEW/, client.mark);
    const renewed = client.mark;
    // From here on its unicast goes to a MAC that nobody has: when the time comes, it must fall back to broadcast.
    await host.setUp(`ip neigh replace ${provisioner} lladdr 02:00:00:00:00:99 dev eth0 nud permanent`);
    await nextLease(client, /RENEW|REBIND/, renewed, 20_000);
    const requests = capture.frames.filter(({ type, ciaddr }) => type === 3 && ciaddr === '192.168.77.111');
    expect(requests[0]).to.include({ to: provisioner });
    expect(requests.at(-1)).to.include({ to: '255.255.255.255', from: '192.168.77.111' });
    expect(capture.frames.at(-1)).to.include({ type: 5, yiaddr: '192.168.77.111' });
  });

  it('confirms the address of a client that comes back (INIT-REBOOT)', async function () {
    const dhclient = need(this, 'dhclient', '.ci/install unpacks it');
    const host = await net.lab.addClient('returning', macOf(112));
    await bindAndVanish(host.spawn(dhclient, dhclientArgs('returning', '-d')));
    await using client = host.spawn(dhclient, dhclientArgs('returning', '-d'));
    const { variables } = await nextLease(client, /REBOOT/);
    expect(variables).to.include({ new_ip_address: '192.168.77.112' });
    expect(client.output).not.to.match(/DHCPDISCOVER/);
  });

  it('refuses an address that is no longer in the record, and then gives the right one', async function () {
    const dhclient = need(this, 'dhclient', '.ci/install unpacks it');
    const host = await net.lab.addClient('moving', macOf(113));
    await bindAndVanish(host.spawn(dhclient, dhclientArgs('moving', '-d')));
    const moved = node('moving', 113, { ip: { address: '192.168.77.213', netmask: '255.255.255.0' } });
    await net.apply(moved);

    const heard = net.dhcp.mark;
    await using second = host.spawn(dhclient, dhclientArgs('moving', '-d'));
    const { variables } = await nextLease(second, /BOUND/);
    expect(variables).to.include({ new_ip_address: '192.168.77.213' });
    expect(second.output).to.match(/DHCPNAK/);
    await net.dhcp.until(/"mac":"52:54:00:77:00:71".*"why":"wrong-address"/, { from: heard });
  });

  it('hears a client give its address back', async function () {
    const udhcpc = need(this, 'udhcpc', 'udhcpc');
    const host = await net.lab.addClient('leaving', macOf(114));
    await using client = host.spawn(udhcpc, udhcpcArgs());
    await nextLease(client, /bound/);
    const heard = net.dhcp.mark;
    await client.signal('SIGUSR2');
    await net.dhcp.until(/"mac":"52:54:00:77:00:72".*"why":"release"/, { from: heard });
  });

  for (const [who, number, why] of [
    ['a stranger', 199, 'unknown-machine'],
    ['a disabled interface', 115, 'dhcp-disabled'],
  ] as const) {
    it(`is silent to ${who} and says why`, async function () {
      const udhcpc = need(this, 'udhcpc', 'udhcpc');
      const host = await net.lab.addClient(`silent-${number}`, macOf(number));
      const capture = await Capture.start(net.lab.prov, `to-silent-${number}`);
      const heard = net.dhcp.mark;
      const client = host.spawn(udhcpc, udhcpcArgs('-n', '-q', '-t', '2', '-T', '1'));
      expect(await client.ended()).to.equal(1);
      await net.dhcp.until(new RegExp(`"mac":"${macOf(number)}".*"why":"${why}"`), { from: heard });
      expect(capture.frames.map(({ type }) => type)).to.include(1);
      expect(capture.frames.filter(({ fromPort }) => fromPort === 67)).to.deep.equal([]);
    });
  }
});
