import { expect } from 'chai';
import { diagnose } from '../../../../../cli/doctor/decide/diagnose.ts';
import type { Facts, Holder } from '../../../../../cli/doctor/facts.ts';
import { healthy, ip, link, recordFact, silent, withServices } from '../../../../support/doctor-facts.ts';

const dnsmasq: Holder = { pid: 812, name: 'dnsmasq', kind: 'foreign' };
const down = { ...healthy.hardware, failure: 'connect ECONNREFUSED', records: undefined };
const allSilent = {
  hardware: silent('tcp', 50051),
  dhcp: silent('udp', 67),
  tftp: silent('udp', 69),
  http: silent('tcp', 8080),
  syslog: silent('udp', 514),
};
const noTftp = { tftp: [{ where: '127.0.0.1', port: 69, answers: false, largeBlocks: undefined }] };
const foreign = {
  interface: 'br0',
  from: ip('192.168.77.2'),
  serverId: '192.168.77.2',
  mac: '52:54:00:77:01:02',
};
const address = { ...foreign, offered: '192.168.77.200', boots: false };
const boot = { ...foreign, offered: '0.0.0.0', boots: true };
const rule = {
  interface: 'br0',
  service: 'tftp',
  protocol: 'udp',
  port: 69,
  rule: '-A INPUT -j DROP',
} as const;
const guest = { interface: 'br0', server: '192.168.77.1', port: 69, small: true, large: true };
const path = { interface: 'br0', host: '192.168.77.7', mtu: 1500, passes: 1500 };
const hour = 3_600_000;
const ntp = { source: 'NTP server 192.0.2.1', kind: 'clock', kept: true } as const;
const battery = { source: 'the battery clock', kind: 'clock', kept: false } as const;
const file = { source: 'the file /x', kind: 'past', kept: false } as const;

const clocks = (...told: Facts['clocks']): Facts => ({ ...healthy, clocks: told });
const links = (...interfaces: Facts['interfaces']): Facts => ({ ...healthy, interfaces });

/** What is seen → what is found, in one word or as `code: detail`. */
const rows: readonly (readonly [name: string, facts: Facts, ...found: readonly string[]])[] = [
  ['all is well', healthy],

  [
    'a program has the port of a service that is silent',
    withServices({ tftp: silent('udp', 69, { holders: [dnsmasq] }) }),
    'port-taken: UDP port 69 (tftp) is held by dnsmasq (process 812).',
  ],
  [
    'and took the whole of smee up with it',
    { ...withServices({ ...allSilent, tftp: silent('udp', 69, { holders: [dnsmasq] }) }), hardware: down },
    'port-taken: UDP port 69 (tftp) is held by dnsmasq (process 812).',
  ],
  [
    'a container has it',
    withServices({ syslog: silent('udp', 514, { holders: [{ ...dnsmasq, kind: 'published' }] }) }),
  ],
  [
    'the service that is well shares its port',
    withServices({ dhcp: { wanted: { protocol: 'udp', port: 67, allowed: true, holders: [dnsmasq] } } }),
  ],

  [
    'a port had to be another',
    withServices({ tftp: { actual: 10069 } }),
    'missing-capability: tftp had to take 10069 instead of UDP port 69.',
  ],
  ['and no network is served', { ...withServices({ tftp: { actual: 10069 } }), interfaces: [] }],
  [
    'a port is refused to this user, and nobody has it',
    withServices({ dhcp: silent('udp', 67, { allowed: false }) }),
    'missing-capability: UDP port 67 (dhcp) is refused to this user.',
  ],
  [
    'a device is refused to this user',
    { ...withServices({ dhcp: silent('udp', 67) }), deniedDevices: ['br0'] },
    'missing-capability: br0 may not be bound to (dhcp; CAP_NET_RAW).',
  ],
  ['what is refused to this user runs', { ...healthy, deniedDevices: ['br0'] }],

  [
    'an interface is not there',
    links({ ...link('eth9', '10.0.0.1'), exists: false }),
    'no-such-interface: There is no eth9.',
  ],
  [
    'and DHCP does not run for it',
    {
      ...withServices({ dhcp: silent('udp', 67) }),
      interfaces: [{ ...link('eth9', '10.0.0.1'), exists: false }],
    },
    'no-such-interface',
  ],
  ['an interface is down', links(link('br0', '192.168.77.1', { up: false })), 'interface-down'],
  [
    'an interface has no address',
    links(link('br0', '192.168.77.1', { networks: [] })),
    'interface-without-address',
  ],
  [
    'an interface leads to no record',
    links(link('br1', '192.168.78.1')),
    'interface-without-records: br1 is in 192.168.78.0/24; the only record has 192.168.77.7.',
  ],
  [
    'it leads there by a route, to a relay',
    links(link('br1', '192.168.78.1', { routed: [{ address: ip('192.168.0.0'), prefix: 16 }] })),
  ],
  ['another server gives the addresses', { ...links(link('br1', '192.168.78.1')), mode: 'proxy' }],
  [
    'there is no record',
    { ...links(link('br1', '192.168.78.1')), hardware: { ...healthy.hardware, records: [] } },
  ],

  [
    'the hardware service is down, and others live on',
    { ...withServices({ hardware: silent('tcp', 50051) }), hardware: down },
    'hardware-down: 127.0.0.1:50051: connect ECONNREFUSED.',
  ],
  [
    'and one has no snapshot',
    { ...withServices({ dhcp: { state: 'not-ready', why: 'no hardware records yet' } }), hardware: down },
    'hardware-down',
  ],
  ['nothing runs', { ...withServices(allSilent), ...noTftp, hardware: down }, 'nothing-runs'],
  [
    'the services are elsewhere, and do not answer',
    { ...withServices(allSilent), hardware: { ...down, local: false } },
    'hardware-down',
  ],
  [
    'the services are elsewhere',
    { ...withServices(allSilent), hardware: { ...healthy.hardware, local: false } },
  ],
  [
    'one service does not run',
    withServices({ syslog: silent('udp', 514) }),
    'service-down: syslog: http://127.0.0.1:9100/readyz (connect ECONNREFUSED).',
  ],
  [
    'one service is not ready',
    withServices({ http: { state: 'not-ready', why: 'a UDP socket failed' } }),
    'service-not-ready: http: a UDP socket failed.',
  ],

  [
    'a rule drops TFTP, also for this host',
    { ...healthy, ...noTftp, rules: [{ ...rule, verdict: 'dropped' }] },
    'firewall-drops: What comes in by br0 to UDP 69 (tftp) is dropped: -A INPUT -j DROP.',
  ],
  [
    'a rule drops TFTP, and TFTP noticed',
    {
      ...withServices({ tftp: { state: 'not-ready', why: 'does not hear on 127.0.0.1:69' } }),
      ...noTftp,
      rules: [{ ...rule, verdict: 'dropped' }],
    },
    'firewall-drops',
  ],
  ['a rule may drop it', { ...healthy, rules: [{ ...rule, verdict: 'unsure' }] }],
  [
    'a machine of our own gets nothing',
    { ...healthy, guests: [{ ...guest, small: false, large: false }] },
    'firewall-drops',
  ],
  [
    'it asks where TFTP does not listen',
    { ...healthy, guests: [{ ...guest, server: '192.168.78.1', small: false, large: false }] },
  ],
  [
    'and the rule is known',
    {
      ...healthy,
      guests: [{ ...guest, small: false, large: false }],
      rules: [{ ...rule, verdict: 'dropped' }],
    },
    'firewall-drops',
  ],
  ['TFTP is deaf', { ...healthy, ...noTftp }, 'tftp-silent: Nothing came from 127.0.0.1:69.'],

  [
    'another server offers an address',
    { ...healthy, offers: [address, boot] },
    'other-dhcp-server: On br0, 192.168.77.2, MAC 52:54:00:77:01:02 offers 192.168.77.200.',
  ],
  ['we do', { ...healthy, offers: [{ ...address, from: ip('192.168.77.1') }] }],
  ['it does, and we leave addresses to it', { ...healthy, mode: 'proxy', offers: [address] }],
  [
    'a second proxyDHCP server offers a boot',
    { ...healthy, mode: 'auto-proxy', offers: [boot] },
    'other-dhcp-server: On br0, 192.168.77.2, MAC 52:54:00:77:01:02 offers a boot and no address (proxyDHCP).',
  ],

  [
    'long packets do not come back',
    { ...healthy, paths: [{ ...path, passes: 1400 }] },
    'path-mtu: br0 sends packets of 1500 bytes; of those above 1400, none came back from 192.168.77.7.',
  ],
  ['they do', { ...healthy, paths: [path] }],
  [
    'a machine of our own gets small blocks only',
    { ...healthy, guests: [{ ...guest, large: false }] },
    'path-mtu',
  ],
  [
    'curl gets small blocks only',
    { ...healthy, tftp: [{ where: '127.0.0.1', port: 69, answers: true, largeBlocks: false }] },
    'path-mtu: TFTP from 127.0.0.1:69 to this host works in blocks of 512 bytes, and not of 1468.',
  ],

  [
    'NTP says that all is well, whatever files say',
    clocks({ ...ntp, ahead: 900 }, { ...file, ahead: 30 * hour }),
  ],
  [
    'NTP says that it is a day late',
    clocks({ ...ntp, ahead: 24 * hour }),
    'clock-off: Compared with the clock of this host: NTP server 192.0.2.1 is 1.0 days ahead of it.',
  ],
  ['NTP says that it is a day early', clocks({ ...ntp, ahead: -24 * hour }), 'clock-off'],
  ['the battery clock is in local time', clocks({ ...battery, ahead: 14 * hour })],
  ['the battery clock is a day off', clocks({ ...battery, ahead: -24 * hour }), 'clock-off'],
  ['a file is from the future', clocks({ ...file, ahead: 24 * hour }), 'clock-off'],
  ['files are old', clocks({ ...file, ahead: -9000 * hour })],

  [
    'a loader is missing',
    {
      ...healthy,
      loaders: [
        {
          file: 'ipxe.efi',
          neededBy: 'x64 UEFI (node7)',
          there: false,
          where: '/usr/lib/ipxe',
          served: true,
        },
      ],
    },
    'loader-missing: ipxe.efi, for x64 UEFI (node7), is not in /usr/lib/ipxe.',
  ],
  [
    'two records in a file have one address',
    {
      ...healthy,
      files: { problems: [], claims: [recordFact('a', '10.0.0.1'), recordFact('b', '10.0.0.1')] },
    },
    'duplicate-address: 10.0.0.1 is of a (52:54:00:77:00:07) and b (52:54:00:77:00:07).',
  ],
  [
    'a line of a file cannot be read',
    { ...healthy, files: { problems: ['rack1.yaml: line 3: must be text'], claims: [] } },
    'record-unreadable: rack1.yaml: line 3: must be text.',
  ],
  [
    'the disk is full',
    { ...healthy, disks: [{ path: 'data', freeBytes: 1 << 20, freePart: 0.5 }] },
    'disk-full: data has 1 MiB left.',
  ],
  [
    'a large disk is nearly full',
    { ...healthy, disks: [{ path: 'data', freeBytes: 1 << 30, freePart: 0.01 }] },
    'disk-full',
  ],
  ['a small disk is not', { ...healthy, disks: [{ path: 'data', freeBytes: 1 << 26, freePart: 0.5 }] }],
  [
    'DHCP names a server that is not there',
    { ...healthy, named: [{ what: 'dhcp-tftp-ip', where: '10.0.0.9:69', answers: false }] },
    'server-unreachable: dhcp-tftp-ip: nothing answers at 10.0.0.9:69.',
  ],
];

describe('cli/doctor/decide/diagnose.ts', () => {
  for (const [name, facts, ...expected] of rows) {
    it(`${expected.length === 0 ? 'finds nothing' : `finds ${expected.join(' and ')}`}, when ${name}`, () => {
      const found = diagnose(facts);
      const told = found.map(({ code, detail }, at) =>
        expected[at]?.includes(': ') ? `${code}: ${detail}` : code,
      );
      expect(told).to.deep.equal(expected);
    });
  }

  it('is sure by NTP, and by several clocks of them only when they agree', () => {
    const sure = (facts: Facts) => diagnose(facts).map((one) => one.sure);
    expect(sure(clocks({ ...ntp, ahead: 24 * hour }))).to.deep.equal(['certain']);
    expect(sure(clocks({ ...ntp, ahead: 24 * hour }, { ...ntp, ahead: 0 }))).to.deep.equal(['likely']);
    expect(sure(clocks({ ...file, ahead: 24 * hour }))).to.deep.equal(['likely']);
  });
});
