import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { formatProblem, readHardware, readRecords } from '#shared/hardware/documents.ts';
import { toTinkerbell, writeTinkerbell } from '#shared/hardware/tinkerbell.ts';
import { throughTheWire } from '../../../support/contract.ts';

const example = readFileSync(new URL('../../../fixtures/hardware.example.yaml', import.meta.url), 'utf8');

/** A document around the fields of one interface's dhcp. */
const withDhcp = (dhcp: string) => `apiVersion: tinkerbell.org/v1alpha1
kind: Hardware
metadata: { name: node }
spec:
  interfaces:
    - dhcp: ${dhcp}
`;

const problemsOf = (text: string) => readHardware(text).problems.map(formatProblem);

describe('shared/hardware/tinkerbell.ts', () => {
  it('reads every field of the example', () => {
    const { records, problems } = readHardware(example);
    expect(problems).to.deep.equal([]);
    expect(records.map(({ document, line }) => [document, line])).to.deep.equal([
      [1, 2],
      [2, 58],
      [3, 72],
    ]);
    const node = throughTheWire(records[0]!.hardware);
    expect(node).to.include({ name: 'rack1-node07', namespace: 'tinkerbell', agentId: '52:54:00:77:00:07' });
    expect(node.labels).to.deep.equal({ rack: '1' });
    expect(node.metadata?.facility?.facilityCode).to.equal('onprem console=ttyS1,115200');
    expect(node.interfaces).to.have.length(2);
    const [first, second] = node.interfaces;
    expect(first?.dhcp).to.deep.include({ leaseTime: 86_400, vlanId: '30', uefi: true });
    expect(first?.dhcp?.nameServers).to.deep.equal(['192.168.77.1', '1.1.1.1']);
    expect(first?.dhcp?.classlessStaticRoutes).to.deep.equal([
      { destinationDescriptor: '10.20.0.0/16', router: '192.168.77.254' },
    ]);
    expect(first?.netboot).to.include({ allowPxe: true, allowWorkflow: true });
    expect(first?.netboot?.osie?.kernelParams).to.deep.equal(['console=ttyS0']);
    expect(first?.isoboot?.sourceIso).to.equal('http://192.168.77.1:8080/artifacts/hook.iso');
    expect(second?.disableDhcp).to.equal(true);
  });

  it('gives the example back unchanged after a trip over the wire', () => {
    const documents = parseAllDocuments(example).map((document) => document.toJS());
    const stored = readHardware(example).records.map(({ hardware }) => throughTheWire(hardware));
    expect(stored).to.have.length(3);
    expect(stored.map(toTinkerbell)).to.deep.equal(documents);
    const exported = parseAllDocuments(writeTinkerbell(stored)).map((document) => document.toJS());
    expect(exported).to.deep.equal(documents);
  });

  it('keeps unknown fields of spec, metadata and facility as they are', () => {
    const text = `apiVersion: tinkerbell.org/v1alpha1
kind: Hardware
metadata: { name: node }
spec:
  tinkVersion: 3
  disks: [{ device: /dev/sda, wipe: true, size: 1.5, label: null, tags: [] }]
  metadata:
    state: in_use
    facility: { plan_slug: c2.medium.x86, facility_code: ams, nested: { a: [1, [2]] } }
`;
    const [one] = readHardware(text).records;
    const [document] = parseAllDocuments(text).map((parsed) => parsed.toJS());
    expect(toTinkerbell(throughTheWire(one!.hardware))).to.deep.equal(document);
  });

  it('reads JSON, and the List that kubectl prints', () => {
    const item = {
      apiVersion: 'tinkerbell.org/v1alpha1',
      kind: 'Hardware',
      metadata: { name: 'a', uid: '1', resourceVersion: '7', managedFields: [] },
      spec: {},
      status: { state: 'x' },
    };
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item, item] }, null, 2);
    const { records, problems } = readHardware(list);
    expect(problems).to.deep.equal([]);
    expect(records.map(({ hardware }) => hardware.name)).to.deep.equal(['a', 'a']);
  });

  describe('takes a text for what is written, not for the number that YAML sees', () => {
    for (const mac of [
      '52:54:00:12:34:56',
      '"52:54:00:12:34:56"',
      '001122334455',
      '525400123456',
      '52540012e456',
    ]) {
      for (const head of ['', '%YAML 1.1\n---\n']) {
        it(`${head === '' ? '1.2' : '1.1'}: ${mac}`, () => {
          const { records, problems } = readHardware(head + withDhcp(`{ mac: ${mac}, vlan_id: 030 }`));
          expect(problems).to.deep.equal([]);
          const dhcp = records[0]?.hardware.interfaces?.[0]?.dhcp;
          expect(dhcp?.mac).to.equal(mac.replaceAll('"', ''));
          expect(dhcp?.vlanId).to.equal('030');
        });
      }
    }
  });

  it('quotes on export what older YAML readers take for a number or a boolean', () => {
    const [one] = readHardware(withDhcp('{ mac: 52:54:00:12:34:56, hostname: "on" }')).records;
    const written = writeTinkerbell([throughTheWire(one!.hardware)]);
    expect(written).to.include('mac: "52:54:00:12:34:56"');
    expect(written).to.include('hostname: "on"');
    expect(written).not.to.include('%YAML');
  });

  const wrong: readonly [string, string, string][] = [
    [
      'a field of a wrong type',
      withDhcp('\n        mac: [1]'),
      'document 1, line 7, spec.interfaces[0].dhcp.mac: must be text',
    ],
    [
      'a misspelled field',
      withDhcp('{ mac: a, hostnam: b }'),
      'document 1, line 6, spec.interfaces[0].dhcp.hostnam: is not a field of Hardware',
    ],
    [
      'a negative lease time',
      withDhcp('{ lease_time: -1 }'),
      'document 1, line 6, spec.interfaces[0].dhcp.lease_time: must be a whole number from 0 to 4294967295',
    ],
    [
      'a text where a list belongs',
      withDhcp('{ name_servers: 1.1.1.1 }'),
      'document 1, line 6, spec.interfaces[0].dhcp.name_servers: must be a list',
    ],
    [
      'text for a boolean',
      withDhcp('{ uefi: "yes" }'),
      'document 1, line 6, spec.interfaces[0].dhcp.uefi: must be true or false',
    ],
    [
      'another kind',
      'apiVersion: tinkerbell.org/v1alpha1\nkind: Template\nmetadata: { name: x }\n',
      'document 1, line 2, kind: must be Hardware',
    ],
    [
      'no name',
      'apiVersion: tinkerbell.org/v1alpha1\nkind: Hardware\nmetadata: {}\n',
      'document 1, line 3, metadata.name: is missing',
    ],
    [
      'a number that protobuf would round',
      withDhcp('{}').replace('spec:', 'spec:\n  size: 9007199254740993'),
      'document 1, line 5, spec.size: is a number that cannot be kept exactly; write it as text, in quotes',
    ],
  ];
  describe('names document, line and field', () => {
    for (const [name, text, problem] of wrong) {
      it(`of ${name}`, () => expect(problemsOf(text)).to.deep.equal([problem]));
    }
  });

  it('reports every problem of every document, and still gives the good ones', () => {
    const { records, problems } = readHardware(
      `${withDhcp('{ mac: [], uefi: 1 }')}---\n${withDhcp('{ mac: x }')}---\n- 1\n`,
    );
    expect(records.map(({ document }) => document)).to.deep.equal([2]);
    expect(problems.map(({ document, line }) => [document, line])).to.deep.equal([
      [1, 6],
      [1, 6],
      [3, 15],
    ]);
  });

  it('says where the text is no YAML', () => {
    expect(problemsOf('a: b\nc: [1, 2\n')).to.have.length(1);
    expect(problemsOf('a: b\nc: [1, 2\n')[0]).to.match(/^document 1, line [23]: /);
    expect(problemsOf('a: b\na: c\n')[0]).to.match(/^document 1, line 2: .*unique/);
  });

  it('survives texts that are made to unfold or nest without end', () => {
    const levels = Array.from(
      { length: 30 },
      (_, at) => `  a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}, *a${at}]`,
    );
    const bomb = withDhcp('{}').replace('spec:', `spec:\n  a0: &a0 [x]\n${levels.join('\n')}`);
    expect(problemsOf(bomb)[0]).to.match(/alias/i);
    expect(problemsOf('['.repeat(200_000))).to.deep.equal(['document 1, line 1: nested too deep']);
    const deep = withDhcp('{}').replace('spec:', `spec:\n  other: ${'['.repeat(60)}${']'.repeat(60)}`);
    expect(problemsOf(deep)[0]).to.match(
      /^document 1, line 5, spec\.other.*: is nested deeper than 24 levels$/,
    );
  });

  it('says where a key stands twice, however deep', () => {
    const twice = withDhcp('\n        mac: a\n        hostname: b\n        mac: c');
    expect(problemsOf(twice)).to.deep.equal(['document 1, line 9: Map keys must be unique']);
  });

  describe('knows where a field of the contract stands', () => {
    const [first] = [...readRecords(example)];
    for (const [field, place] of [
      ['hardware.name', '5 metadata.name'],
      ['hardware.agent_id', '10 spec.agentID'],
      ['hardware.labels["rack"]', '8 metadata.labels'],
      ['hardware.metadata.facility.facility_code', '13 spec.metadata.facility.facility_code'],
      ['hardware.interfaces[0].dhcp.mac', '23 spec.interfaces[0].dhcp.mac'],
      ['hardware.interfaces[0].dhcp.name_servers[1]', '27 spec.interfaces[0].dhcp.name_servers[1]'],
      ['hardware.interfaces[0].netboot.osie.base_url', '45 spec.interfaces[0].netboot.osie.baseURL'],
      ['hardware.interfaces[0].isoboot.source_iso', '50 spec.interfaces[0].isoboot.sourceISO'],
      ['hardware.interfaces[1].dhcp.ip.netmask', '55 spec.interfaces[1].dhcp.ip.netmask'],
      ['hardware.other', '9 spec'],
    ] as const) {
      it(field, () => {
        const located = first!.locate(field);
        expect(`${located.line} ${located.field}`).to.equal(place);
      });
    }
  });

  it('keeps a key that is called __proto__ a key', () => {
    const [one] = readHardware(
      withDhcp('{}').replace('spec:', 'spec:\n  __proto__: { polluted: true }'),
    ).records;
    expect(Object.getPrototypeOf(throughTheWire(one!.hardware).other?.fields)).to.equal(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined);
  });

  it('finds nothing in an empty text', () => {
    expect(readHardware('')).to.deep.equal({ records: [], problems: [] });
    expect(readHardware('---\n---\n# nothing\n')).to.deep.equal({ records: [], problems: [] });
  });
});
