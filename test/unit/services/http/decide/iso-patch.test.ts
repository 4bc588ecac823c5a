import { expect } from 'chai';
import fc from 'fast-check';
import { parseIp4 } from '#shared/ip4.ts';
import { decidePatch, type PatchSettings } from '../../../../../services/http/decide/iso-patch.ts';
import { type MachineParts, machine } from '../../../../support/machines.ts';

const settings: PatchSettings = {
  isoStaticIpamEnabled: false,
  tinkServer: '192.168.77.1:42113',
  tinkServerTls: true,
  extraKernelArgs: undefined,
};
const consoles = 'console=ttyAMA0 console=ttyS0 console=tty0 console=tty1 console=ttyS1';
const who =
  'hw_addr=52:54:00:77:00:07 syslog_host=192.168.77.1 grpc_authority=192.168.77.1:42113 tinkerbell_tls=true ' +
  'worker_id=52:54:00:77:00:07';

function decide(parts: MachineParts = {}, changed: Partial<PatchSettings> = {}, room = 1024) {
  return decidePatch(machine(parts), { ...settings, ...changed }, '192.168.77.1', room);
}

function textOf(parts: MachineParts = {}, changed: Partial<PatchSettings> = {}): string {
  const decision = decide(parts, changed);
  if ('why' in decision) throw new Error(`${decision.why}: ${decision.detail}`);
  expect(decision.patch.length).to.equal(1024);
  return String(Buffer.from(decision.patch)).trimEnd();
}

const everything: MachineParts = {
  agentId: 'agent-7',
  facility: 'lab',
  dhcp: {
    vlanId: '400',
    hostname: 'node07',
    nameServers: [parseIp4('1.1.1.1')!, parseIp4('4.4.4.4')!],
    domainSearch: ['example.com', 'example.org'],
    timeServers: [parseIp4('129.6.15.28')!, parseIp4('129.6.15.29')!],
  },
};

describe('services/http/decide/iso-patch.ts', () => {
  it('has Smee’s order: consoles, the machine, whom it works for, the operator’s extras, static addresses', () => {
    const changed = {
      isoStaticIpamEnabled: true,
      extraKernelArgs: 'registry_username=u registry_password=p',
    };
    expect(textOf(everything, changed)).to.equal(
      `facility=lab ${consoles} vlan_id=400 ${who} registry_username=u registry_password=p ` +
        'ipam=52-54-00-77-00-07:400:192.168.77.107:255.255.255.0:192.168.77.1:node07:1.1.1.1,4.4.4.4:' +
        'example.com,example.org:129.6.15.28,129.6.15.29',
    );
  });

  it('has five consoles by default, with a plain facility before them; a facility with consoles replaces them', () => {
    expect(textOf()).to.equal(`${consoles} ${who}`);
    expect(textOf({ facility: 'lab' })).to.equal(`facility=lab ${consoles} ${who}`);
    expect(textOf({ facility: 'lab console=ttyS1,115200n8' })).to.equal(
      `facility=lab console=ttyS1,115200n8 ${who}`,
    );
  });

  it('names the worker by its MAC, also with an agent id, and says nothing of insecure TLS', () => {
    expect(textOf(everything)).to.include(' worker_id=52:54:00:77:00:07').and.not.include('insecure');
  });

  it('leaves what is not known empty in ipam', () => {
    const dhcp = { address: undefined, netmask: undefined, gateway: undefined };
    expect(textOf({ dhcp }, { isoStaticIpamEnabled: true })).to.match(/ ipam=52-54-00-77-00-07::::::::$/);
  });

  it('refuses what is longer than its room, to the byte', () => {
    const { length } = textOf();
    expect(decide({}, {}, length)).to.have.property('patch');
    expect(decide({}, {}, length - 1)).to.deep.equal({
      why: 'patch-too-long',
      detail: `${length} bytes, room for ${length - 1}`,
    });
  });

  const unsafe: Record<string, [MachineParts, string]> = {
    'a line break in the facility': [{ facility: 'a\nb' }, 'metadata.facility.facility_code'],
    'a command in the facility': [{ facility: 'a; reboot' }, 'metadata.facility.facility_code'],
    'a variable in the facility': [{ facility: '$root' }, 'metadata.facility.facility_code'],
    'a quote in the facility': [{ facility: 'a"b' }, 'metadata.facility.facility_code'],
    'a space in the VLAN': [{ dhcp: { vlanId: '4 init=/bin/sh' } }, 'dhcp.vlan_id'],
    'a space in the host name': [{ dhcp: { hostname: 'a init=/bin/sh' } }, 'dhcp.hostname'],
    'a colon in the host name': [{ dhcp: { hostname: 'a:6.6.6.6' } }, 'dhcp.hostname'],
    'a comma in a search domain': [{ dhcp: { domainSearch: ['a', 'b,c'] } }, 'dhcp.domain_search[1]'],
  };
  for (const [what, [parts, detail]] of Object.entries(unsafe)) {
    it(`refuses ${what}, and names the field`, () => {
      expect(decide(parts, { isoStaticIpamEnabled: true })).to.deep.equal({ why: 'unsafe-record', detail });
    });
  }

  it('lets no field break out: whatever the record says, it stays in its own words', () => {
    const texts = fc.oneof(fc.string(), fc.constantFrom('a\nb', 'x y', ';', '${', '\0', 'é', '"', '\\', '`'));
    fc.assert(
      fc.property(texts, texts, texts, (hostname, vlanId, search) => {
        const parts = { dhcp: { hostname, vlanId, domainSearch: [search] } };
        const decision = decide(parts, { isoStaticIpamEnabled: true });
        if ('why' in decision) return;
        const words = String(Buffer.from(decision.patch)).trimEnd().split(' ');
        expect(words.map((word) => word.split('=')[0])).to.deep.equal([
          ...Array.from({ length: 5 }, () => 'console'),
          'vlan_id',
          'hw_addr',
          'syslog_host',
          'grpc_authority',
          'tinkerbell_tls',
          'worker_id',
          'ipam',
        ]);
        expect(words.at(-1)?.split(':')).to.have.length(9);
      }),
    );
  });
});
