// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that would expand these.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import { validate } from '../../../../../services/hardware/decide/validate.ts';
import { throughTheWire } from '../../../../support/contract.ts';

type Interface = NonNullable<HardwareInput['interfaces']>[number];

const mac = '52:54:00:77:00:07';
const check = (hardware: HardwareInput) => validate(throughTheWire(hardware));
const fieldsOf = (hardware: HardwareInput): readonly string[] => {
  const checked = check(hardware);
  return checked.valid ? [] : checked.violations.map(({ field }) => field);
};
const withInterface = (one: Interface): HardwareInput => ({ name: 'a', interfaces: [one] });
const withDhcp = (dhcp: Interface['dhcp']) => withInterface({ dhcp: { mac, ...dhcp } });

/** Everything that a boot looks at, as rack1-node07 of Tinkerbell's documents has it. */
const complete: HardwareInput = {
  name: 'rack1-node07',
  namespace: 'tinkerbell',
  labels: { rack: '1', 'topology.kubernetes.io/zone': 'a' },
  annotations: { note: 'two\nlines' },
  agentId: mac,
  metadata: { facility: { facilityCode: 'onprem console=ttyS1,115200' } },
  interfaces: [
    {
      dhcp: {
        mac,
        hostname: 'rack1-node07',
        domainName: 'dc1.example.com.',
        leaseTime: 86_400,
        nameServers: ['192.168.77.1', '1.1.1.1'],
        timeServers: ['192.168.77.1'],
        arch: 'x86_64',
        uefi: true,
        ifaceName: 'eth0',
        vlanId: '30',
        ip: { address: '192.168.77.107', netmask: '255.255.255.0', gateway: '192.168.77.1', family: 4 },
        classlessStaticRoutes: [{ destinationDescriptor: '10.20.0.0/16', router: '192.168.77.254' }],
        tftpServerName: '192.168.77.1',
        bootFileName: 'nvos/install.bin',
        domainSearch: ['example.com'],
        broadcastAddress: '192.168.77.255',
      },
      netboot: {
        allowPxe: true,
        ipxe: { url: 'http://boot/node07.ipxe', contents: '#!ipxe\nshell\n', binary: 'snp.efi' },
        osie: {
          baseUrl: 'http://192.168.77.1:8080/artifacts/hook',
          kernel: 'vmlinuz-x86_64',
          initrd: 'initramfs-x86_64',
          kernelParams: ['console=ttyS0', 'a="b c"'],
        },
        pxelinux: { config: 'DEFAULT linux\n' },
        rpi: { serialNum: '1a2b3c4d', firmwarePath: 'rpi/firmware', configTxt: 'arm_64bit=1\n' },
      },
      isoboot: { sourceIso: 'http://192.168.77.1/hook.iso' },
    },
    { disableDhcp: true, dhcp: { mac: '52:54:00:77:01:07', ip: { address: '10.30.0.107' } } },
    { netboot: { allowPxe: false } },
  ],
};

describe('services/hardware/decide/validate.ts', () => {
  it('accepts every field that a boot looks at, and keeps it', () => {
    const hardware = throughTheWire(complete);
    expect(validate(hardware)).to.deep.equal({ valid: true, hardware });
  });

  it('accepts a boot file without a server and the other way round: either switches netboot logic off', () => {
    expect(fieldsOf(withDhcp({ bootFileName: 'nvos.bin' }))).to.deep.equal([]);
    expect(fieldsOf(withDhcp({ tftpServerName: '192.168.77.1' }))).to.deep.equal([]);
  });

  it('writes a MAC in lower case with colons', () => {
    for (const spelled of [
      '52-54-00-77-00-07',
      '5254.0077.0007',
      '525400770007',
      '52:54:00:77:00:07'.toUpperCase(),
    ]) {
      const checked = check(withDhcp({ mac: spelled }));
      expect(checked.valid && checked.hardware.interfaces[0]?.dhcp?.mac, spelled).to.equal(mac);
    }
  });

  it('wants a record, and a record wants a name', () => {
    expect(validate(undefined)).to.deep.equal({
      valid: false,
      violations: [{ field: 'hardware', description: 'is required' }],
    });
    expect(fieldsOf({})).to.deep.equal(['hardware.name']);
  });

  const names = [
    'A',
    'a_b',
    'a b',
    '-a',
    'a-',
    'a..b',
    '.a',
    'a/b',
    'ä',
    'a\n',
    'x'.repeat(64),
    'x.'.repeat(127),
  ];
  for (const name of names) {
    it(`refuses the name ${JSON.stringify(name.slice(0, 20))}`, () => {
      expect(fieldsOf({ name })).to.deep.equal(['hardware.name']);
    });
  }

  const dhcp: Record<string, readonly NonNullable<Interface['dhcp']>[]> = {
    mac: [
      { mac: '' },
      { mac: '52:54' },
      { mac: '00:00:00:00:00:00' },
      { mac: 'ff:ff:ff:ff:ff:ff' },
      { mac: `${mac}:08` },
    ],
    hostname: [
      { hostname: 'a b' },
      { hostname: 'a\nb' },
      { hostname: 'a\0' },
      { hostname: 'x'.repeat(64) },
      { hostname: '.' },
    ],
    domain_name: [
      { domainName: 'a..b' },
      { domainName: 'a;b' },
      { domainName: `${'x'.repeat(60)}.`.repeat(5) },
      // 254 characters are 256 bytes in a packet: option 119 would be empty.
      { domainName: `${'x'.repeat(62)}.`.repeat(4) + 'x'.repeat(2) },
    ],
    lease_time: [{ leaseTime: 0 }],
    'name_servers[1]': [
      { nameServers: ['1.1.1.1', 'dns.example'] },
      { nameServers: ['1.1.1.1', ''] },
      { nameServers: ['1.1.1.1', '::1'] },
    ],
    'time_servers[0]': [{ timeServers: ['01.1.1.1'] }],
    name_servers: [{ nameServers: Array.from({ length: 64 }, () => '1.1.1.1') }],
    arch: [{ arch: 'x86 64' }, { arch: '../x' }],
    iface_name: [{ ifaceName: 'eth0\r' }],
    'ip.address': [
      { ip: { address: '10.0.0' } },
      { ip: { address: '0.0.0.0' } },
      { ip: { address: '224.0.0.1' } },
      { ip: { address: '10.0.0.1/24' } },
    ],
    'ip.netmask': [
      { ip: { netmask: '255.0.255.0' } },
      { ip: { netmask: '0.0.0.0' } },
      { ip: { netmask: '/24' } },
    ],
    'ip.gateway': [{ ip: { gateway: 'fe80::1' } }],
    'ip.family': [{ ip: { family: 6 } }],
    vlan_id: [{ vlanId: '4097' }, { vlanId: '1 2' }, { vlanId: 'x' }],
    'classless_static_routes[0].destination_descriptor': [
      { classlessStaticRoutes: [{ destinationDescriptor: '10.20.0.1/16', router: '10.0.0.1' }] },
      { classlessStaticRoutes: [{ destinationDescriptor: '10.20.0.0/33', router: '10.0.0.1' }] },
      { classlessStaticRoutes: [{ router: '10.0.0.1' }] },
    ],
    'classless_static_routes[0].router': [
      { classlessStaticRoutes: [{ destinationDescriptor: '10.0.0.0/8' }] },
    ],
    tftp_server_name: [{ tftpServerName: 'a\nb' }, { tftpServerName: 'x'.repeat(256) }],
    boot_file_name: [{ bootFileName: 'a\0b' }, { bootFileName: '\u001b[2J' }],
    'domain_search[0]': [{ domainSearch: ['a b'] }],
    broadcast_address: [{ broadcastAddress: '10.0.0.256' }],
  };
  for (const [field, wrong] of Object.entries(dhcp)) {
    for (const [at, one] of wrong.entries()) {
      it(`refuses a wrong dhcp.${field}, case ${at + 1}: ${JSON.stringify(one).slice(0, 60)}`, () => {
        expect(fieldsOf(withDhcp(one))).to.deep.equal([`hardware.interfaces[0].dhcp.${field}`]);
      });
    }
  }

  const netboot: Record<string, readonly NonNullable<Interface['netboot']>[]> = {
    'ipxe.url': [
      { ipxe: { url: 'tftp://x/y' } },
      { ipxe: { url: 'http://' } },
      { ipxe: { url: 'http://x/\nshell' } },
      { ipxe: { url: 'http://x/a b' } },
    ],
    'ipxe.contents': [{ ipxe: { contents: '#!ipxe\0' } }, { ipxe: { contents: 'x'.repeat(65_537) } }],
    'ipxe.binary': [{ ipxe: { binary: '../undionly.kpxe' } }, { ipxe: { binary: 'a b' } }],
    'osie.base_url': [{ osie: { baseUrl: 'file:///etc' } }],
    'osie.kernel': [{ osie: { kernel: 'vmlinuz\nshell' } }, { osie: { kernel: 'a b' } }],
    'osie.initrd': [{ osie: { initrd: 'a\u2028b' } }],
    'osie.kernel_params[1]': [
      { osie: { kernelParams: ['a', 'b\nc'] } },
      { osie: { kernelParams: ['a', 'b\u0085c'] } },
    ],
    'pxelinux.config': [{ pxelinux: { config: '\0' } }],
    'rpi.serial_num': [{ rpi: { serialNum: 'a/b' } }],
    'rpi.firmware_path': [{ rpi: { firmwarePath: '../../etc' } }],
    'rpi.config_txt': [{ rpi: { configTxt: 'a\0' } }],
  };
  for (const [field, wrong] of Object.entries(netboot)) {
    for (const [at, one] of wrong.entries()) {
      it(`refuses a wrong netboot.${field}, case ${at + 1}`, () => {
        expect(fieldsOf(withInterface({ netboot: one }))).to.deep.equal([
          `hardware.interfaces[0].netboot.${field}`,
        ]);
      });
    }
  }

  it('refuses what cannot stand on a kernel line or in a label', () => {
    expect(
      fieldsOf({
        name: 'a',
        agentId: 'a b',
        namespace: 'A',
        labels: { rack: '1\n2', '\n': 'x' },
        annotations: { note: 'a\0b' },
        metadata: { facility: { facilityCode: 'onprem\nshell' } },
        interfaces: [{ isoboot: { sourceIso: 'ftp://x' } }],
      }),
    ).to.deep.equal([
      'hardware.namespace',
      'hardware.agent_id',
      'hardware.metadata.facility.facility_code',
      'hardware.labels["rack"]',
      'hardware.labels (key)',
      'hardware.annotations["note"]',
      'hardware.interfaces[0].isoboot.source_iso',
    ]);
  });

  it('refuses what iPXE would misread in every field that reaches a script', () => {
    for (const bad of ['a\n', 'a\r', 'a\0', '${net0/mac}', 'x${', 'a || shell', 'a ; shell', 'a #b', 'a\\']) {
      const fields = fieldsOf({
        name: 'a',
        agentId: bad,
        metadata: { facility: { facilityCode: bad } },
        interfaces: [
          {
            dhcp: { mac, arch: bad, vlanId: bad },
            netboot: {
              ipxe: { url: `http://x/${bad}` },
              osie: { baseUrl: `http://x/${bad}`, kernel: bad, initrd: bad, kernelParams: ['quiet', bad] },
            },
          },
        ],
      });
      expect(fields, JSON.stringify(bad)).to.have.members([
        'hardware.agent_id',
        'hardware.metadata.facility.facility_code',
        ...[
          'dhcp.arch',
          'dhcp.vlan_id',
          'netboot.ipxe.url',
          'netboot.osie.base_url',
          'netboot.osie.kernel',
        ].map((field) => `hardware.interfaces[0].${field}`),
        'hardware.interfaces[0].netboot.osie.initrd',
        'hardware.interfaces[0].netboot.osie.kernel_params[1]',
      ]);
    }
  });

  it('refuses a MAC or an address twice in one record, however it is spelled', () => {
    const ip = { address: '10.0.0.1' };
    const checked = check({
      name: 'a',
      interfaces: [{ dhcp: { mac, ip } }, { dhcp: { mac: mac.replaceAll(':', '-'), ip } }],
    });
    expect(!checked.valid && checked.violations).to.deep.equal([
      {
        field: 'hardware.interfaces[1].dhcp.mac',
        description: 'is the same as hardware.interfaces[0].dhcp.mac',
      },
      {
        field: 'hardware.interfaces[1].dhcp.ip.address',
        description: 'is the same as hardware.interfaces[0].dhcp.ip.address',
      },
    ]);
  });

  it('refuses more interfaces than a machine has, without looking at them all', () => {
    const interfaces = Array.from({ length: 257 }, () => ({ dhcp: { mac: '' } }));
    const fields = fieldsOf({ name: 'a', interfaces });
    expect(fields).to.include('hardware.interfaces').and.to.have.length(257);
  });

  it('finds everything at once', () => {
    const fields = fieldsOf({
      name: '',
      interfaces: [{ dhcp: { hostname: '!', ip: { address: 'x', netmask: 'y' } } }],
    });
    expect(fields).to.deep.equal([
      'hardware.name',
      'hardware.interfaces[0].dhcp.mac',
      'hardware.interfaces[0].dhcp.hostname',
      'hardware.interfaces[0].dhcp.ip.address',
      'hardware.interfaces[0].dhcp.ip.netmask',
    ]);
  });

  it('names fields as the proto does', () => {
    const proto = readFileSync(
      new URL('../../../../../proto/smee/hardware/v1/hardware.proto', import.meta.url),
      'utf8',
    );
    const known = [...Object.keys(dhcp), ...Object.keys(netboot)].flatMap((path) =>
      path.replace(/\[\d+\]/g, '').split('.'),
    );
    for (const field of known) expect(proto, field).to.match(new RegExp(`\\b${field} = \\d+;`));
  });

  it('knows the names of quirks in a label', () => {
    for (const text of ['none', 'raspberry-pi', 'boot-file-on-4011.no-discovery-control']) {
      expect(fieldsOf({ ...complete, labels: { 'smee/quirks': text } }), text).to.deep.equal([]);
    }
    expect(fieldsOf({ ...complete, labels: { 'smee/quirks': 'raspberry-pi.turbo' } })).to.deep.equal([
      'hardware.labels[smee/quirks]',
    ]);
  });
});
