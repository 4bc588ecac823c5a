import { expect } from 'chai';
import { provisioner } from '../support/lab.ts';
import { type BootLab, createBootLab, emptyMachine } from '../support/lab-boot.ts';
import { cardWithoutHttp } from '../support/lab-ipxe-without-http.ts';
import type { LabProcess } from '../support/lab-process.ts';
import { logLines, runNode, untilReadiness } from '../support/lab-smee.ts';

describe('smee up, for cards whose own iPXE cannot do HTTP', function () {
  this.timeout(200_000);
  let net: BootLab;
  let smee: LabProcess;

  before(async function () {
    net = await createBootLab(this);
    const flags = ['up', '--iface', 'br0', '--ipxe-override-arch-mapping', '7=snponly.efi'];
    smee = runNode(net.lab.prov, 'cli/smee.ts', flags, { cwd: net.folder });
    await untilReadiness(net.lab.prov, 200, 'hardware', 'dhcp', 'tftp', 'http', 'syslog');
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  for (const [firmware, number, loader] of [
    ['bios', 161, 'undionly.kpxe'],
    ['uefi', 162, 'snponly.efi'],
  ] as const) {
    it(`chains ${firmware} to ${loader} by a tftp:// URL, once, and boots it by the script`, async function () {
      const machine = emptyMachine(`chain-${firmware}`, number, firmware);
      await net.apply(machine);
      const { mark } = smee;
      await net.boot(this, machine, cardWithoutHttp(net.folder)[firmware]);

      const own = `tftp://${provisioner}:69/${machine.mac}/${loader}`;
      const script = `http://${provisioner}:8080/${machine.mac}/auto.ipxe`;
      const files = logLines(smee.output.slice(mark)).flatMap(({ service, file = '' }) =>
        file === '' ? [] : `${service} ${decodeURIComponent(file)}`,
      );
      expect(files).to.deep.equal([
        ...[`dhcp ${own}`, `dhcp ${own}`, `tftp ${machine.mac}/${loader}`],
        ...[`dhcp ${script}`, `dhcp ${script}`, `http /${machine.mac}/auto.ipxe`],
        ...['http /artifacts/vmlinuz-x86_64', 'http /artifacts/initramfs-x86_64'],
      ]);
    });
  }
});
