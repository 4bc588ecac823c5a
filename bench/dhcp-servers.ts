import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatIp4 } from '#shared/ip4.ts';
import type { LabProcess } from '../test/support/lab-process.ts';
import { type BenchLab, needPeer, server, serverDevice, startService } from './bench-lab.ts';
import { compile } from './compile.ts';
import { spawnInto } from './process.ts';
import { addressOfMachine, macOfMachine } from './records.ts';

/**
 * A DHCP server with a reservation for each machine, told what it must be and nothing else: each keeps its own defaults,
 * which means a log of every exchange, here into a file, and for Kea its lease file.
 */
export interface DhcpServer {
  readonly name: 'smee' | 'Kea' | 'dhcpd' | 'dnsmasq';
  /** Options whose values it throws dice for. */
  readonly varying?: readonly number[];
  start(lab: BenchLab, machines: number): Promise<LabProcess>;
}

const smee: DhcpServer = {
  name: 'smee',
  start: (lab) => startService(lab, 'dhcp', ['--dhcp-iface', serverDevice]),
};

const kea: DhcpServer = {
  name: 'Kea',
  async start({ prov, folder }, machines) {
    const config = {
      Dhcp4: {
        'interfaces-config': { interfaces: [serverDevice], 'dhcp-socket-type': 'udp' },
        'lease-database': { type: 'memfile', name: join(folder, 'kea-leases.csv') },
        'multi-threading': { 'enable-multi-threading': true },
        'valid-lifetime': 3600,
        subnet4: [
          {
            id: 1,
            subnet: '10.77.0.0/16',
            interface: serverDevice,
            'option-data': [{ name: 'routers', data: server }],
            reservations: Array.from({ length: machines }, (_, machine) => ({
              'hw-address': macOfMachine(machine),
              'ip-address': formatIp4(addressOfMachine(machine)),
              hostname: `machine-${machine}`,
            })),
          },
        ],
        loggers: [
          {
            name: 'kea-dhcp4',
            severity: 'INFO',
            output_options: [{ output: join(folder, 'kea.log'), maxsize: 0 }],
          },
        ],
      },
    };
    const file = join(folder, 'kea.json');
    await writeFile(file, JSON.stringify(config));
    const places = [`KEA_PIDFILE_DIR=${folder}`, 'KEA_LOCKFILE_DIR=none'];
    return spawnInto(join(folder, 'kea.out'), prov, 'env', [...places, needPeer('kea-dhcp4'), '-c', file]);
  },
};

const dhcpd: DhcpServer = {
  name: 'dhcpd',
  async start({ prov, folder }, machines) {
    const hosts = Array.from({ length: machines }, (_, machine) => {
      const address = formatIp4(addressOfMachine(machine));
      return `host machine-${machine} { hardware ethernet ${macOfMachine(machine)}; fixed-address ${address}; }`;
    });
    const file = join(folder, 'dhcpd.conf');
    const leases = join(folder, 'dhcpd.leases');
    const subnet = `subnet 10.77.0.0 netmask 255.255.0.0 { option routers ${server}; }`;
    await writeFile(file, ['authoritative;', 'default-lease-time 3600;', subnet, ...hosts, ''].join('\n'));
    await writeFile(leases, '');
    const how = ['-4', '-f', '-d', '--no-pid', '-cf', file, '-lf', leases, serverDevice];
    return spawnInto(join(folder, 'dhcpd.log'), prov, needPeer('dhcpd'), how);
  },
};

/** T1 and T2 (58, 59), so that not all machines renew at once. */
const dice = [58, 59];

const dnsmasq: DhcpServer = {
  name: 'dnsmasq',
  varying: dice,
  async start({ prov, folder }, machines) {
    const hosts = Array.from({ length: machines }, (_, machine) =>
      [macOfMachine(machine), formatIp4(addressOfMachine(machine)), `machine-${machine}`].join(','),
    );
    const file = join(folder, 'dnsmasq.hosts');
    await writeFile(file, [...hosts, ''].join('\n'));
    const how = [
      '--keep-in-foreground',
      '--conf-file=/dev/null',
      '--port=0',
      '--user=root',
      '--dhcp-authoritative',
    ];
    // Without the last one it stops at 1000.
    const range = [`--dhcp-range=10.77.0.0,static,255.255.0.0,1h`, `--dhcp-lease-max=${machines}`];
    const files = [`--dhcp-hostsfile=${file}`, `--dhcp-leasefile=${join(folder, 'dnsmasq.leases')}`];
    const rest = [
      `--dhcp-option=3,${server}`,
      `--interface=${serverDevice}`,
      '--log-facility=-',
      '--pid-file=',
    ];
    const all = [...how, ...range, ...files, ...rest];
    return spawnInto(join(folder, 'dnsmasq.log'), prov, needPeer('dnsmasq'), all);
  },
};

export const dhcpServers: readonly DhcpServer[] = [smee, kea, dhcpd, dnsmasq];

/** The least that any server can do, in C: `inside/echo.c`, compiled here, with answers of so many bytes. */
export function startEcho({ prov, folder }: BenchLab, answerBytes: number): LabProcess {
  const program = compile(needPeer('cc'), 'echo', folder);
  return prov.spawn(program, [server, '67', String(answerBytes)]);
}
