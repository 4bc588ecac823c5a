import { expect } from 'chai';
import { toStruct } from '#shared/hardware/struct.ts';
import { redact } from '../../../../../services/dashboard/decide/redact.ts';

type Record = Parameters<typeof redact>[0];

/** Every place where a secret can stand has one. */
const full = {
  name: 'm1',
  revision: 7,
  labels: { rack: '1' },
  agentId: 'agent',
  annotations: { note: 'SECRET-annotation' },
  other: toStruct({ userData: 'SECRET-other' }),
  metadata: {
    facility: { facilityCode: 'console=SECRET-facility' },
    other: toStruct({ x: 'SECRET-metadata' }),
  },
  interfaces: [
    {
      disableDhcp: false,
      _disableDhcp: 'disableDhcp',
      dhcp: {
        mac: '52:54:00:00:00:01',
        ip: { address: '10.0.0.1' },
        nameServers: ['10.0.0.2'],
        bootFileName: 'https://u:SECRET-boot@h.example/onie',
      },
      netboot: {
        allowPxe: true,
        ipxe: { url: 'https://u:SECRET-url@h.example/a.ipxe?t=SECRET-query', contents: 'SECRET-script' },
        osie: {
          baseUrl: 'http://h.example/osie',
          kernel: 'vmlinuz',
          initrd: 'initrd?sig=SECRET-initrd',
          kernelParams: ['registry_password=SECRET-kernel', 'quiet'],
        },
        pxelinux: { config: 'SECRET-pxelinux' },
        rpi: { serialNum: 'abc', configTxt: 'SECRET-config' },
      },
      isoboot: { sourceIso: 'https://h.example/x.iso?sig=SECRET-iso' },
    },
  ],
} as unknown as Record;

describe('services/dashboard/decide/redact', () => {
  const { record, hidden } = redact(full);

  it('lets no secret through, wherever it stands', () => {
    expect(JSON.stringify(record)).not.to.contain('SECRET');
    expect(JSON.stringify(hidden)).not.to.contain('SECRET');
  });

  it('names each field that it took a value from', () => {
    expect(hidden).to.have.members([
      'interfaces[0].dhcp.bootFileName',
      'annotations',
      'other',
      'metadata',
      'interfaces[0].netboot.ipxe.url',
      'interfaces[0].netboot.ipxe.contents',
      'interfaces[0].netboot.osie.initrd',
      'interfaces[0].netboot.osie.kernelParams',
      'interfaces[0].netboot.pxelinux',
      'interfaces[0].netboot.rpi.configTxt',
      'interfaces[0].isoboot.sourceIso',
    ]);
  });

  it('shows what an operator looks for', () => {
    expect(record).to.deep.include({ name: 'm1', revision: 7, labels: { rack: '1' }, agentId: 'agent' });
    const [one] = record.interfaces;
    expect(one?.dhcp).to.deep.equal({
      ...full.interfaces[0]?.dhcp,
      bootFileName: 'https://h.example/onie (hidden)',
    });
    expect(one?.netboot?.allowPxe).to.equal(true);
    expect(one?.netboot?.osie).to.deep.equal({
      baseUrl: 'http://h.example/osie',
      kernel: 'vmlinuz',
      initrd: 'initrd (hidden)',
      kernelParams: ['(hidden)'],
    });
    expect(one?.netboot?.ipxe?.url).to.equal('https://h.example/a.ipxe (hidden)');
  });

  it('hides nothing where there is nothing', () => {
    const plain = {
      name: 'm',
      interfaces: [{ dhcp: { mac: 'x' }, netboot: { osie: { kernelParams: [] } } }],
    };
    expect(redact(plain as unknown as Record)).to.deep.equal({ record: plain, hidden: [] });
  });

  it('does not show a URL that it cannot read', () => {
    const odd = { interfaces: [{ isoboot: { sourceIso: 'nfs://u:SECRET@h/x' } }] } as unknown as Record;
    expect(redact(odd).record.interfaces[0]?.isoboot?.sourceIso).to.equal('(hidden)');
  });
});
