import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { need } from '../support/clients.ts';
import { provisioner } from '../support/lab.ts';
import { type BootLab, createBootLab, emptyMachine } from '../support/lab-boot.ts';
import { leaseScript, nextLease } from '../support/lab-lease.ts';
import type { LabProcess } from '../support/lab-process.ts';
import { logLines, runNode, untilReadiness } from '../support/lab-smee.ts';

/** udhcpc that asks once and goes. */
const once = ['-f', '-n', '-q', '-t', '1', '-T', '1', '-i', 'eth0'];

describe('smee up --iface br0, from its default settings', function () {
  this.timeout(200_000);
  let net: BootLab;
  let smee: LabProcess;

  before(async function () {
    net = await createBootLab(this);
    smee = runNode(net.lab.prov, 'cli/smee.ts', ['up', '--iface', 'br0'], { cwd: net.folder });
    await untilReadiness(net.lab.prov, 200, 'hardware', 'dhcp', 'tftp', 'http', 'syslog');
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  for (const [what, machine] of [
    ["SeaBIOS with the network card's iPXE", emptyMachine('bios', 151, 'bios')],
    ["OVMF's own PXE, by the loader over TFTP", emptyMachine('uefi', 152, 'uefi')],
    ["OVMF's HTTP Boot", emptyMachine('uefi-http', 153, 'uefi-http')],
  ] as const) {
    it(`boots ${what}, and every line of the log is about that machine`, async function () {
      await net.apply(machine);
      const { mark } = smee;
      await net.boot(this, machine);
      await smee.until(new RegExp(`up with nonce ${machine.nonce}`), { from: mark });
      const lines = logLines(smee.output.slice(mark));
      expect(lines.filter(({ mac }) => mac !== machine.mac)).to.deep.equal([]);
      expect(new Set(lines.map(({ service }) => service))).to.include.keys('dhcp', 'http', 'syslog');
    });
  }

  it('is silent to a machine that it does not know, and logs why', async function () {
    const udhcpc = need(this, 'udhcpc', 'udhcpc');
    const stranger = await net.lab.addClient('stranger', '52:54:00:77:01:f0');
    const { mark } = smee;
    const client = stranger.spawn(udhcpc, [...once, '-s', '/bin/true']);
    expect(await client.ended()).to.equal(1);
    await smee.until(/"mac":"52:54:00:77:01:f0".*"why":"unknown-machine"/, { from: mark });
  });

  it('gives a machine that may not boot its address and nothing else, and logs why at every step', async function () {
    const udhcpc = need(this, 'udhcpc', 'udhcpc');
    const curl = need(this, 'curl', 'curl');
    const machine = emptyMachine('forbidden', 154, 'bios');
    await net.apply(machine, { allowPXE: false });
    const host = await net.lab.addClient('forbidden', machine.mac);
    const { mark } = smee;
    const firmware = ['-V', 'PXEClient:Arch:00000:UNDI:002001', '-x', '0x5d:0000', '-x', '0x5e:010201'];
    const script = join(net.folder, 'lease-script');
    await writeFile(script, leaseScript, { mode: 0o755 });
    const { variables } = await nextLease(host.spawn(udhcpc, [...once, ...firmware, '-s', script]), /bound/);
    expect(variables).to.include({ ip: machine.address, boot_file: '/netboot-not-allowed' });
    const url = `http://${provisioner}:8080/${machine.mac}/auto.ipxe`;
    expect(await host.run(curl, ['-s', '-w', '%{http_code}', url])).to.match(/netboot[\s\S]*403$/);

    await smee.until(/"service":"http".*"why":"netboot-not-allowed"/, { from: mark });
    const lines = logLines(smee.output.slice(mark)).filter(({ service }) => service !== 'hardware');
    expect(lines.map(({ service, mac, why }) => `${service} ${mac} ${why}`)).to.deep.equal([
      `dhcp ${machine.mac} netboot-not-allowed`,
      `dhcp ${machine.mac} netboot-not-allowed`,
      `http ${machine.mac} netboot-not-allowed`,
    ]);
  });

  it('boots a simulated machine on ports 67, 69 and 514', async () => {
    const simulate = runNode(net.lab.prov, 'cli/smee.ts', ['simulate'], { cwd: net.folder });
    await simulate.done(60_000);
  });

  it("gives the loader to tftp-hpa, atftp and curl on the interface's address", async function () {
    const tftp = need(this, 'tftp', 'tftp-hpa');
    const atftp = need(this, 'atftp', 'atftp');
    const curl = need(this, 'curl', 'curl');
    const place = await net.lab.addClient('fetcher', '52:54:00:77:01:f1');
    await place.setUp('ip addr add 192.168.77.241/24 dev eth0');
    const sum = async (command: string, args: readonly string[]) => {
      await place.run(command, args, { cwd: '/run' });
      return await place.run('sh', ['-c', 'sha256sum </run/got && rm /run/got']);
    };
    const whole = await place.run('sh', ['-c', 'sha256sum </usr/lib/ipxe/undionly.kpxe']);
    expect(await sum(tftp, ['-m', 'binary', provisioner, '-c', 'get', 'undionly.kpxe', 'got'])).to.equal(
      whole,
    );
    expect(await sum(atftp, ['-g', '-r', 'undionly.kpxe', '-l', 'got', provisioner])).to.equal(whole);
    expect(await sum(curl, ['-sSf', '-o', 'got', `http://${provisioner}:8080/ipxe/undionly.kpxe`])).to.equal(
      whole,
    );
  });
});
