import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import { toMachines } from '#shared/hardware/convert.ts';
import { readHardware } from '#shared/hardware/documents.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { throughTheWire } from '../../../support/contract.ts';

const convert = (hardware: HardwareInput) => toMachines(throughTheWire(hardware));
const mac = '52:54:00:77:00:07';
const ip = (text: string) => parseIp4(text)!;

const example = readFileSync(new URL('../../../fixtures/hardware.example.yaml', import.meta.url), 'utf8');

describe('shared/hardware/convert.ts', () => {
  it('makes one machine of each interface of the example', () => {
    const [node, router, pi] = readHardware(example).records.map(({ hardware }) =>
      convert({ ...hardware, revision: 9 }),
    );
    expect(node?.problems).to.deep.equal([]);
    expect(node?.machines[0]).to.deep.equal({
      name: 'rack1-node07',
      revision: 9,
      agentId: mac,
      facility: 'onprem console=ttyS1,115200',
      quirks: undefined,
      isoSource: 'http://192.168.77.1:8080/artifacts/hook.iso',
      dhcp: {
        mac,
        disabled: false,
        address: ip('192.168.77.107'),
        netmask: ip('255.255.255.0'),
        gateway: ip('192.168.77.1'),
        broadcast: undefined,
        leaseTime: 86_400,
        hostname: 'rack1-node07',
        domainName: 'dc1.example.com',
        domainSearch: [],
        nameServers: [ip('192.168.77.1'), ip('1.1.1.1')],
        timeServers: [ip('192.168.77.1')],
        routes: [{ destination: { network: ip('10.20.0.0'), prefix: 16 }, router: ip('192.168.77.254') }],
        arch: 'x86_64',
        vlanId: '30',
        tftpServerName: undefined,
        bootFileName: undefined,
      },
      netboot: {
        allowed: true,
        scriptUrl: undefined,
        scriptContents: undefined,
        binary: undefined,
        osie: {
          baseUrl: 'http://192.168.77.1:8080/artifacts/hook',
          kernel: 'vmlinuz-x86_64',
          initrd: 'initramfs-x86_64',
          kernelParams: ['console=ttyS0'],
        },
        pxelinuxConfig: undefined,
        rpi: undefined,
      },
    });
    expect(node?.machines[1]?.dhcp).to.include({
      mac: '52:54:00:77:01:07',
      disabled: true,
      leaseTime: 604_800,
    });
    expect(node?.machines[1]?.netboot.allowed).to.equal(false);
    expect(router?.machines[0]?.dhcp).to.include({
      tftpServerName: '192.168.77.1',
      bootFileName: 'nvos/install.bin',
    });
    expect(pi?.machines[0]?.netboot).to.deep.include({
      rpi: { serialNum: '1a2b3c4d', firmwarePath: 'rpi-firmware', configTxt: 'arm_64bit=1\n' },
    });
  });

  it('leaves out what it cannot read, one problem each, and keeps the rest', () => {
    const { machines, problems } = convert({
      name: 'odd',
      interfaces: [
        { dhcp: { mac: 'nonsense' } },
        {
          dhcp: {
            mac: '5254.0077.0007',
            ip: { address: 'fe80::1', netmask: '255.0.255.0', gateway: '10.0.0.1' },
            nameServers: ['1.1.1.1', 'dns.example', '8.8.8.8'],
            classlessStaticRoutes: [
              { destinationDescriptor: '10.0.0.1/8', router: 'x' },
              { destinationDescriptor: '10.0.0.0/8', router: '10.0.0.1' },
            ],
          },
        },
      ],
    });
    expect(problems.map(({ field }) => field)).to.deep.equal([
      'interfaces[0].dhcp.mac',
      'interfaces[1].dhcp.ip.address',
      'interfaces[1].dhcp.ip.netmask',
      'interfaces[1].dhcp.name_servers[1]',
      'interfaces[1].dhcp.classless_static_routes[0].destination_descriptor',
      'interfaces[1].dhcp.classless_static_routes[0].router',
    ]);
    expect(JSON.stringify(problems)).not.to.match(/nonsense|dns\.example|fe80/);
    expect(machines).to.have.length(1);
    expect(machines[0]?.dhcp).to.deep.include({
      mac,
      address: undefined,
      netmask: undefined,
      gateway: ip('10.0.0.1'),
      nameServers: [ip('1.1.1.1'), ip('8.8.8.8')],
    });
    expect(machines[0]?.dhcp.routes).to.have.length(1);
  });

  const empty: readonly [string, HardwareInput, number][] = [
    ['nothing at all', {}, 0],
    ['an interface without dhcp', { name: 'a', interfaces: [{}] }, 0],
    ['an interface with an empty MAC', { name: 'a', interfaces: [{ dhcp: { mac: '' } }] }, 0],
    ['a MAC and nothing else', { name: 'a', interfaces: [{ dhcp: { mac } }] }, 1],
  ];
  for (const [name, hardware, count] of empty) {
    it(`is content with ${name}`, () => {
      const { machines, problems } = convert(hardware);
      expect(problems).to.deep.equal([]);
      expect(machines).to.have.length(count);
      for (const one of machines) {
        expect(one.netboot.allowed).to.equal(false);
        expect(one.dhcp.address).to.equal(undefined);
      }
    });
  }

  it('takes a lease time of 0 for none', () => {
    const { machines } = convert({ interfaces: [{ dhcp: { mac, leaseTime: 0 } }] });
    expect(machines[0]?.dhcp.leaseTime).to.equal(604_800);
  });

  it('knows a Raspberry Pi only by serial number and firmware path together', () => {
    const { machines } = convert({
      interfaces: [{ dhcp: { mac }, netboot: { rpi: { serialNum: '1a2b', configTxt: 'x' } } }],
    });
    expect(machines[0]?.netboot.rpi).to.equal(undefined);
  });

  it('reads what a label says of the firmware, and reports what nobody knows', () => {
    const labelled = (text: string) =>
      convert({ name: 'a', labels: { 'smee/quirks': text }, interfaces: [{ dhcp: { mac } }] });
    expect(labelled('none').machines[0]?.quirks).to.deep.equal([]);
    expect(labelled('').machines[0]?.quirks).to.equal(undefined);
    const { machines, problems } = labelled('boot-file-on-4011.turbo');
    expect(machines[0]?.quirks).to.deep.equal(['boot-file-on-4011']);
    expect(problems).to.deep.equal([
      { field: 'labels[smee/quirks]', what: 'names a quirk that there is not' },
    ]);
  });
});
