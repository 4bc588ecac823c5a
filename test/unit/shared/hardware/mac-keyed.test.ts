import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { toMachines } from '#shared/hardware/convert.ts';
import { formatProblem, readHardware, readRecords } from '#shared/hardware/documents.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { throughTheWire } from '../../../support/contract.ts';

const example = readFileSync(new URL('../../../../examples/hardware-by-mac.yaml', import.meta.url), 'utf8');

const least = '{ ipAddress: 10.0.0.1, subnetMask: 255.0.0.0 }';
const problemsOf = (text: string) => readHardware(text).problems.map(formatProblem);
const namesOf = (text: string) => readHardware(text).records.map(({ hardware }) => hardware.name);

describe('shared/hardware/mac-keyed.ts', () => {
  it('reads every field of the example', () => {
    const { records, problems } = readHardware(example);
    expect(problems).to.deep.equal([]);
    expect(records.map(({ line }) => line)).to.deep.equal([7, 26, 35]);
    const [first, second, third] = records.map(({ hardware }) => throughTheWire(hardware));
    expect(first).to.deep.include({ name: '52-54-00-77-00-07' });
    expect(first?.metadata?.facility?.facilityCode).to.equal('onprem');
    expect(first?.interfaces[0]?.dhcp).to.deep.include({
      mac: '52:54:00:77:00:07',
      ip: { address: '192.168.77.107', netmask: '255.255.255.0', gateway: '192.168.77.1' },
      nameServers: ['192.168.77.1', '1.1.1.1'],
      hostname: 'rack1-node07',
      domainName: 'dc1.example.com',
      domainSearch: ['dc1.example.com', 'example.com'],
      broadcastAddress: '192.168.77.255',
      timeServers: ['192.168.77.1'],
      vlanId: '30',
      leaseTime: 86_400,
      arch: 'x86_64',
    });
    expect(first?.interfaces[0]?.netboot).to.deep.include({
      allowPxe: true,
      ipxe: { url: 'http://192.168.77.1:8080/artifacts/custom.ipxe' },
    });
    expect(second?.interfaces[0]?.netboot?.ipxe).to.deep.equal({
      contents: 'echo booting by a script of its own\nshell\n',
    });
    expect(third?.interfaces[0]?.disableDhcp).to.equal(true);
  });

  for (const lease of ['', ', leaseTime: 0', ', leaseTime:']) {
    it(`gives a week to who says "${lease}" about a lease`, () => {
      const [one] = readHardware(`52:54:00:77:00:07: ${least.replace(' }', `${lease} }`)}`).records;
      const [machine] = toMachines(throughTheWire(one!.hardware)).machines;
      expect(machine?.dhcp.leaseTime).to.equal(604_800);
      expect(formatIp4(machine?.dhcp.address ?? 0)).to.equal('10.0.0.1');
    });
  }

  it('does not mind in which case MACs and fields are written', () => {
    const { records, problems } = readHardware(
      'AA-BB-CC-00-11-22: { IPADDRESS: 10.0.0.1, subnetmask: 255.0.0.0, NetBoot: { ALLOWPXE: true } }',
    );
    expect(problems).to.deep.equal([]);
    expect(records[0]?.hardware).to.deep.include({ name: 'aa-bb-cc-00-11-22' });
    expect(records[0]?.hardware.interfaces?.[0]?.netboot?.allowPxe).to.equal(true);
  });

  for (const head of ['', '%YAML 1.1\n---\n']) {
    for (const mac of [
      '52:54:00:12:34:56',
      '525400123456',
      '001122334455',
      '521234e56789',
      '5254.0012.3456',
    ]) {
      it(`takes ${mac} for a MAC, not for a number, in YAML ${head === '' ? '1.2' : '1.1'}`, () => {
        const name = mac.replace(/[:.]/g, '').replace(/(..)(?=.)/g, '$1-');
        expect(namesOf(`${head}${mac}: ${least}\n`)).to.deep.equal([name]);
      });
    }
  }

  it('ignores console, and a field with nothing behind it', () => {
    const text =
      '52:54:00:77:00:07:\n  ipAddress: 10.0.0.1\n  subnetMask: 255.0.0.0\n  hostname:\n  netboot: { console: ttyS0 }\n';
    expect(problemsOf(text)).to.deep.equal([]);
  });

  it('tells of an unknown field, and gives the record without it', () => {
    const text = `52:54:00:77:00:07: ${least.replace('{', '{ gateway: x,')}`;
    expect(problemsOf(text)).to.deep.equal([
      'document 1, line 1, 52:54:00:77:00:07.gateway: is not a field of this format, and is left out',
    ]);
    expect(namesOf(text)).to.deep.equal(['52-54-00-77-00-07']);
  });

  const wrong: readonly [string, string, string][] = [
    ['no address', '{ subnetMask: 255.0.0.0 }', '.ipAddress: is missing'],
    ['an empty address', '{ ipAddress: "", subnetMask: 255.0.0.0 }', '.ipAddress: is missing'],
    ['no mask', '{ ipAddress: 10.0.0.1 }', '.subnetMask: is missing'],
    ['a number for a record', '7', ': must be a mapping'],
    ['text for a list', least.replace('}', ', nameServers: 1.1.1.1 }'), '.nameServers: must be a list'],
    [
      'text for a switch',
      least.replace('}', ', netboot: { allowPxe: "yes" } }'),
      '.netboot.allowPxe: must be true or false',
    ],
    ['a list for netboot', least.replace('}', ', netboot: [] }'), '.netboot: must be a mapping'],
    [
      'a lease in words',
      least.replace('}', ', leaseTime: 1h }'),
      '.leaseTime: must be a whole number from 0 to 4294967295',
    ],
    [
      'a field twice, in two cases',
      least.replace('}', ', IPAddress: 10.0.0.2 }'),
      '.IPAddress: is ipAddress a second time',
    ],
  ];
  for (const [name, record, problem] of wrong) {
    it(`says where there is ${name}, and still gives the others`, () => {
      const text = `52:54:00:77:00:01: ${least}\n52:54:00:77:00:02: ${record}\n52:54:00:77:00:03: ${least}\n`;
      expect(problemsOf(text)).to.deep.equal([`document 1, line 2, 52:54:00:77:00:02${problem}`]);
      expect(namesOf(text)).to.deep.equal(['52-54-00-77-00-01', '52-54-00-77-00-03']);
    });
  }

  it('names a key that is no MAC', () => {
    expect(problemsOf(`52:54:00:77:00:01: ${least}\n52:54:00:77:00: ${least}\n`)).to.deep.equal([
      'document 1, line 2, 52:54:00:77:00: must be a MAC address',
    ]);
  });

  it('gives the first of two records with the same key, and names the second', () => {
    const text = `52:54:00:77:00:01: ${least}\n52:54:00:77:00:01: ${least.replace('0.1', '0.2')}\n`;
    const { records } = readHardware(text);
    expect(records.map(({ hardware }) => hardware.interfaces?.[0]?.dhcp?.ip?.address)).to.deep.equal([
      '10.0.0.1',
    ]);
    expect(problemsOf(text)).to.deep.equal([
      'document 1, line 2, 52:54:00:77:00:01: is there already, in line 1; the first is served',
    ]);
  });

  it('stands beside Tinkerbell documents in one text', () => {
    const tinkerbell =
      'apiVersion: tinkerbell.org/v1alpha1\nkind: Hardware\nmetadata: { name: a }\nspec: {}\n';
    expect(namesOf(`${tinkerbell}---\n52:54:00:77:00:01: ${least}\n`)).to.deep.equal([
      'a',
      '52-54-00-77-00-01',
    ]);
  });

  it('knows where each field of the contract stands', () => {
    const [first] = [...readRecords(example)];
    const located = (field: string) => {
      const { line, field: name } = first!.locate(`hardware.${field}`);
      return `${line} ${name}`;
    };
    const key = '52:54:00:77:00:07';
    expect(located('interfaces[0].dhcp.ip.address')).to.equal(`8 ${key}.ipAddress`);
    expect(located('interfaces[0].dhcp.name_servers[1]')).to.equal(`11 ${key}.nameServers[1]`);
    expect(located('interfaces[0].dhcp.vlan_id')).to.equal(`17 ${key}.vlanID`);
    expect(located('interfaces[0].netboot.ipxe.url')).to.equal(`24 ${key}.netboot.ipxeScriptUrl`);
    expect(located('metadata.facility.facility_code')).to.equal(`25 ${key}.netboot.facility`);
    expect(located('interfaces[0].dhcp.mac')).to.equal(`7 ${key}`);
  });

  it('never throws, whatever stands under the MACs', () => {
    const key = fc.constantFrom(
      'ipAddress',
      'SUBNETMASK',
      'nameServers',
      'leaseTime',
      'netboot',
      '__proto__',
      'x',
    );
    const record = fc.oneof(fc.dictionary(key, fc.jsonValue()), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.oneof(fc.dictionary(fc.constantFrom('525400770001', '0'), record), fc.jsonValue()),
        (root) => {
          for (const { hardware, problems, locate } of readRecords(JSON.stringify(root))) {
            if (hardware === undefined) expect(problems).to.not.deep.equal([]);
            expect(locate('hardware.interfaces[0].dhcp.ip.address').line).to.be.a('number');
          }
        },
      ),
    );
  });

  it('never throws, whatever text it is given', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        '525400770001',
        'a',
        ':',
        ' ',
        '\n',
        '-',
        '"',
        '[',
        '{',
        '}',
        '&a',
        '*a',
        '#',
        '|',
        '!',
        '%',
        '\0',
        '\t',
        '<<',
      ),
    });
    fc.assert(
      fc.property(text, (given) => {
        for (const { line, problems, hardware } of readRecords(given)) {
          expect(line).to.be.a('number');
          expect(hardware === undefined && problems.length === 0).to.equal(false);
        }
      }),
      { numRuns: 500 },
    );
  });
});
