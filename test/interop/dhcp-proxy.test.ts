import { join } from 'node:path';
import { expect } from 'chai';
import { need } from '../support/clients.ts';
import { provisioner } from '../support/lab.ts';
import { Capture } from '../support/lab-capture.ts';
import { createDhcpLab, type DhcpLab } from '../support/lab-dhcp.ts';
import { foreignServer, startForeignDhcp } from '../support/lab-foreign.ts';
import { nextLease } from '../support/lab-lease.ts';
import { logLines } from '../support/lab-smee.ts';

describe("services/dhcp in auto-proxy mode, beside somebody else's DHCP server", function () {
  this.timeout(60_000);
  let net: DhcpLab;

  before(async function () {
    net = await createDhcpLab(this, {}, ['--dhcp-mode=auto-proxy']);
    await startForeignDhcp(this, net.lab);
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  /** What our service said to a machine, and why. */
  const saidTo = (mac: string) =>
    new Set(
      logLines(net.dhcp.output)
        .filter((line) => line.mac === mac)
        .map(({ said, why }) => `${said} ${why}`),
    );

  it("does udhcpc no harm: lease, renewal and release are the other server's", async function () {
    const udhcpc = need(this, 'udhcpc', 'udhcpc');
    const mac = '52:54:00:77:00:a1';
    const host = await net.lab.addClient('plain', mac);
    const wire = await Capture.start(host, 'eth0');
    await using client = host.spawn(udhcpc, ['-f', '-i', 'eth0', '-s', net.script]);
    const { variables } = await nextLease(client, /bound/);
    expect(variables).to.include({ serverid: foreignServer }).and.not.have.any.keys('boot_file', 'bootfile');
    const { mark } = client;
    await client.signal('SIGUSR1');
    await nextLease(client, /renew/, mark);
    await client.signal('SIGUSR2');
    await wire.until('RELEASE', ({ type }) => type === 7);
    expect(wire.frames.filter(({ from }) => from === provisioner)).to.deep.equal([]);
    expect([...saidTo(mac)]).to.deep.equal(['silent not-a-netboot-client']);
  });

  it('does dhclient no harm, also when it comes back with its old address', async function () {
    const dhclient = need(this, 'dhclient', '.ci/install unpacks it');
    const mac = '52:54:00:77:00:a2';
    const host = await net.lab.addClient('plain-isc', mac);
    const wire = await Capture.start(host, 'eth0');
    const file = (kind: string) => join(net.folder, `plain.${kind}`);
    const files = ['-lf', file('leases'), '-pf', file('pid'), '-cf', '/dev/null', '-sf', net.script];
    const args = ['-4', '-v', ...files, '-d', 'eth0'];
    {
      await using client = host.spawn(dhclient, args);
      await client.until(/^bound to /m);
      await client.signal('SIGKILL');
      await client.exited;
    }
    await using again = host.spawn(dhclient, args);
    const { variables } = await nextLease(again, /REBOOT/);
    expect(variables).to.include({ new_dhcp_server_identifier: foreignServer });
    expect(wire.frames.filter(({ from }) => from === provisioner)).to.deep.equal([]);
    expect([...saidTo(mac)]).to.deep.equal(['silent not-a-netboot-client']);
  });
});
