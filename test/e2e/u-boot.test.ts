import { join } from 'node:path';
import { expect } from 'chai';
import { provisioner } from '../support/lab.ts';
import { type BootLab, createBootLab, emptyMachine, phonePort } from '../support/lab-boot.ts';
import type { LabProcess } from '../support/lab-process.ts';
import { logLines, runNode, untilReadiness } from '../support/lab-smee.ts';
import { uBoot } from '../support/lab-u-boot.ts';
import { makeUserland } from '../support/lab-userland.ts';

describe('smee up, for U-Boot', function () {
  this.timeout(200_000);
  let net: BootLab;
  let smee: LabProcess;

  before(async function () {
    net = await createBootLab(this);
    const assets = join(net.folder, 'assets/tftp');
    await makeUserland(this, net.lab.prov, assets, 'aarch64');
    const flags = ['up', '--iface', 'br0', '--tftp-asset-dir', assets];
    smee = runNode(net.lab.prov, 'cli/smee.ts', flags, { cwd: net.folder });
    await untilReadiness(net.lab.prov, 200, 'hardware', 'dhcp', 'tftp', 'http', 'syslog');
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  it("boots a board that asks by `pxe get`, by the record's pxelinux text, with kernel and initrd over TFTP", async function () {
    const machine = emptyMachine('u-boot', 163, 'uefi');
    const config = [
      'DEFAULT system',
      'LABEL system',
      'KERNEL vmlinuz-aarch64',
      'INITRD initramfs-aarch64',
      `APPEND console=ttyAMA0 syslog_host=${provisioner} phone_home=http://${provisioner}:${phonePort}/ nonce=${machine.nonce}`,
    ];
    await net.apply(machine, { pxelinux: { config: `${config.join('\n')}\n` } });
    const { mark } = smee;
    await net.boot(this, machine, uBoot('setenv autoload no; dhcp; pxe get; pxe boot'));

    const fetched = logLines(smee.output.slice(mark)).filter(({ service }) => service === 'tftp');
    expect(fetched.map(({ mac, why, file }) => [mac, why, file])).to.deep.equal([
      [machine.mac, 'ok', `pxelinux.cfg/01-${machine.mac.replaceAll(':', '-')}`],
      [machine.mac, 'ok', 'initramfs-aarch64'],
      [machine.mac, 'ok', 'vmlinuz-aarch64'],
    ]);
  });
});
