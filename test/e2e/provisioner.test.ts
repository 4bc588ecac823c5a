import { expect } from 'chai';
import { need } from '../support/clients.ts';
import { provisioner } from '../support/lab.ts';
import { type BootLab, createBootLab, emptyMachine } from '../support/lab-boot.ts';
import type { LabProcess } from '../support/lab-process.ts';
import { logLines, runNode, untilReadiness } from '../support/lab-smee.ts';

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

  it('says why to a machine that it does not know, and to one that may not boot', async function () {
    const udhcpc = need(this, 'udhcpc', 'udhcpc');
    const { mark } = smee;
    const stranger = await net.lab.addClient('stranger', '52:54:00:77:01:f0');
    const client = stranger.spawn(udhcpc, [
      '-f',
      '-n',
      '-q',
      '-t',
      '1',
      '-T',
      '1',
      '-i',
      'eth0',
      '-s',
      '/bin/true',
    ]);
    expect(await client.ended()).to.equal(1);
    await smee.until(/"mac":"52:54:00:77:01:f0".*"why":"unknown-machine"/, { from: mark });
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
