import { need } from './clients.ts';
import type { Lab } from './lab.ts';
import type { LabProcess } from './lab-process.ts';

/** The address of somebody else's DHCP server, in the provisioner's network. */
export const foreignServer = '192.168.77.2';

/**
 * Somebody else's DHCP server on the provisioner's bridge: dnsmasq on a host of its own, which gives addresses and says nothing
 * about booting.
 *
 * @param reserved MAC → address; everybody else gets one from .200 on
 */
export async function startForeignDhcp(
  test: Mocha.Context,
  lab: Lab,
  reserved: Readonly<Record<string, string>> = {},
): Promise<LabProcess> {
  const dnsmasq = need(test, 'dnsmasq', 'dnsmasq-base');
  const host = await lab.addClient('foreign', '52:54:00:77:01:02');
  await host.setUp(`ip addr add ${foreignServer}/24 brd + dev eth0`);
  const server = host.spawn(dnsmasq, [
    ...['--no-daemon', '--port=0', '--conf-file=/dev/null', '--dhcp-leasefile=/dev/null', '--interface=eth0'],
    '--dhcp-range=192.168.77.200,192.168.77.230,255.255.255.0,1h',
    ...Object.entries(reserved).map(([mac, address]) => `--dhcp-host=${mac},${address}`),
  ]);
  await server.until(/IP range/);
  return server;
}
