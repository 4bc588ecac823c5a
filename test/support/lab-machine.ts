import { missing, need } from './clients.ts';
import type { Lab } from './lab.ts';
import type { LabProcess } from './lab-process.ts';

/**
 * `bios`: SeaBIOS with the network card's iPXE ROM. `uefi`: OVMF's own PXE, as the card's ROM is taken away. `uefi-http`:
 * OVMF's HTTP Boot at once.
 */
export type Firmware = 'bios' | 'uefi' | 'uefi-http';

const firmwareArgs: Readonly<Record<Firmware, readonly string[]>> = {
  bios: [],
  uefi: ['-bios', '/usr/share/ovmf/OVMF.fd'],
  'uefi-http': [
    '-bios',
    '/usr/share/ovmf/OVMF.fd',
    ...['IPv4PXESupport', 'IPv6PXESupport'].flatMap((name) => [
      '-fw_cfg',
      `name=opt/org.tianocore/${name},string=no`,
    ]),
  ],
};

/** What a machine is powered on with. */
export interface Chassis {
  readonly name: string;
  readonly mac: string;
  readonly firmware: Firmware;
}

/** Powers a machine on. Its output is what both of its serial lines say. */
export type PowerOn = (test: Mocha.Context, lab: Lab, machine: Chassis) => Promise<LabProcess>;

/**
 * Powers on an empty machine: a network card on the provisioner's bridge and no disk. Its output is what both serial lines
 * say: firmware uses the first, and the kernel line of our default script names the second.
 *
 * @param args further ones of QEMU
 */
export async function powerOn(
  test: Mocha.Context,
  lab: Lab,
  { name, mac, firmware }: Chassis,
  args: readonly string[] = [],
): Promise<LabProcess> {
  const card = `virtio-net-pci,mac=${mac},bootindex=1${firmware === 'bios' ? '' : ',romfile='}`;
  return await plugIn(test, lab, name, card, {
    command: need(test, 'qemu-system-x86_64', 'qemu-system-x86 ovmf ipxe-qemu'),
    args: ['-machine', 'q35,accel=tcg', '-m', '512', ...firmwareArgs[firmware], ...args],
  });
}

/**
 * Starts an emulator with a network card on the provisioner's bridge, two serial lines, and nothing else but what `args` say.
 *
 * @param card QEMU's device, without the network that it hangs on
 */
export async function plugIn(
  test: Mocha.Context,
  lab: Lab,
  name: string,
  card: string,
  { command, args, input = '' }: { command: string; args: readonly string[]; input?: string },
): Promise<LabProcess> {
  if (process.getuid?.() !== 0) missing(test, 'a tap device for QEMU needs root');
  const tap = `tap-${name}`;
  await lab.addTap(tap);
  const all = [
    ...['-name', name, '-nodefaults', '-nographic', '-no-reboot', ...args],
    ...['-chardev', 'stdio,id=line,mux=on', '-serial', 'chardev:line', '-serial', 'chardev:line'],
    ...['-netdev', `tap,id=n0,ifname=${tap},script=no,downscript=no`, '-device', `${card},netdev=n0`],
  ];
  return lab.prov.spawn(command, all, { input });
}

/**
 * Answers iPXE's search for an IPv6 router, which otherwise takes 13 s of every boot: an announcement of a router that does
 * not want to be one (lifetime 0), by dnsmasq, which does nothing else here.
 */
export async function announceNoRouter(test: Mocha.Context, lab: Lab): Promise<void> {
  const dnsmasq = need(test, 'dnsmasq', 'dnsmasq-base');
  await lab.prov.setUp('ip addr add fd77::1/64 dev br0 nodad');
  const how = ['--no-daemon', '--port=0', '--conf-file=/dev/null'];
  const announce = ['--enable-ra', '--interface=br0', '--dhcp-range=fd77::,ra-only', '--ra-param=br0,0,0'];
  await lab.prov
    .spawn(dnsmasq, [...how, ...announce, '--dhcp-leasefile=/dev/null'])
    .until(/router advertisement/i);
}
