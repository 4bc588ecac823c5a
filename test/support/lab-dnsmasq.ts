import { need } from './clients.ts';
import { type Lab, provisioner } from './lab.ts';
import type { LabProcess } from './lab-process.ts';

interface Boots {
  /** MAC → address. */
  readonly reserved: Readonly<Record<string, string>>;
  /** For who is iPXE already. */
  readonly script: string;
  /** For everybody else, a file of Debian's iPXE. */
  readonly loader: string;
  /** It tells iPXE that there is no proxyDHCP to wait for: option 175, sub-option 176. */
  readonly noProxy: boolean;
}

/** dnsmasq in our place: reservations, TFTP and what to boot, set up as its own manual and iPXE's say. */
export async function startDnsmasq(
  test: Mocha.Context,
  lab: Lab,
  { reserved, script, loader, noProxy }: Boots,
): Promise<LabProcess> {
  const server = lab.prov.spawn(need(test, 'dnsmasq', 'dnsmasq-base'), [
    ...['--no-daemon', '--port=0', '--conf-file=/dev/null', '--dhcp-leasefile=/dev/null', '--interface=br0'],
    ...['--dhcp-range=192.168.77.0,static,255.255.255.0,1h', `--dhcp-option=3,${provisioner}`],
    ...Object.entries(reserved).map(([mac, address]) => `--dhcp-host=${mac},${address}`),
    ...['--enable-tftp', '--tftp-root=/usr/lib/ipxe'],
    ...['--dhcp-match=set:ipxe,175', `--dhcp-boot=tag:ipxe,${script}`, `--dhcp-boot=tag:!ipxe,${loader}`],
    ...(noProxy ? ['--dhcp-option=tag:ipxe,encap:175,176,1b'] : []),
  ]);
  await server.until(/TFTP root/);
  return server;
}
