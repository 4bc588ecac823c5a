import { expect } from 'chai';
import { formatIp4 } from '#shared/ip4.ts';
import { type Reported, surroundingsOf } from '../../../../../services/hardware/explain/reported.ts';
import { machine } from '../../../../support/machines.ts';

function hello(service: string, parts: Partial<Reported> = {}): Reported {
  return { service, instance: `${service}-1`, settings: {}, facts: {}, at: 0, connected: true, ...parts };
}

const interfaces = 'lo=127.0.0.1,eth0=203.0.113.9,eth7=192.168.77.1';

function addressBy(settings: Reported['settings'], facts: Reported['facts'] = { interfaces }): string {
  const { surroundings } = surroundingsOf([hello('dhcp', { settings, facts })], machine());
  return formatIp4(surroundings.dhcp.address);
}

describe('services/hardware/explain/reported', () => {
  it('reads settings as the service reported them, and the defaults for the rest', () => {
    const { surroundings } = surroundingsOf(
      [
        hello('dhcp', { settings: { 'dhcp-mode': 'proxy', 'ipxe-override-arch-mapping': '27=riscv64.efi' } }),
        hello('tftp', { settings: { 'tftp-enabled': 'false' }, facts: { loaders: 'a.efi' } }),
        hello('http', { facts: { loaders: '', artifacts: 'vmlinuz,hook/' } }),
      ],
      undefined,
    );
    const { dhcp, tftp, http } = surroundings;
    expect(dhcp.settings.mode).to.equal('proxy');
    expect(dhcp.settings.archMapping.get(27)).to.equal('riscv64.efi');
    expect(dhcp.settings.chain).to.equal('auto');
    expect(tftp.settings.tftpEnabled).to.equal(false);
    expect([...(tftp.loaders ?? [])]).to.deep.equal(['a.efi']);
    expect([...tftp.knownLoaders]).to.include.members(['a.efi', 'undionly.kpxe']);
    expect(http.loaders?.size).to.equal(0);
    expect([...(http.artifacts ?? [])]).to.deep.equal(['vmlinuz', 'hook/']);
  });

  describe('is told the address of dhcp by', () => {
    const rows: readonly [what: string, settings: Reported['settings'], address: string][] = [
      ["the interface in the machine's network", {}, '192.168.77.1'],
      ['dhcp-ip-for-packet', { 'dhcp-ip-for-packet': '10.1.1.1' }, '10.1.1.1'],
      ['public-ip-interface', { 'public-ip-interface': 'eth0' }, '203.0.113.9'],
      ['dhcp-addr', { 'dhcp-addr': '127.0.0.1:67' }, '127.0.0.1'],
      ['dhcp-iface', { 'dhcp-iface': 'eth0' }, '203.0.113.9'],
    ];
    for (const [what, settings, address] of rows) {
      it(what, () => {
        expect(addressBy(settings)).to.equal(address);
      });
    }
  });

  it('says what it does not know', () => {
    const { unknowns } = surroundingsOf(
      [
        hello('dhcp', { settings: { 'dhcp-mode': 'telepathy' } }),
        hello('http', {
          settings: { 'http-port': '80' },
          facts: { 'secrets-withheld': 'extra-kernel-args' },
        }),
        hello('http', { instance: 'http-2', settings: { 'http-port': '81' } }),
      ],
      undefined,
    );
    expect(unknowns).to.deep.equal([
      'What the dhcp service reported cannot be read: its defaults are assumed.',
      'No tftp service has reported: its defaults are assumed.',
      'The http service keeps its extra-kernel-args to itself.',
      'Not all http services have the same settings: those of http-1 are used.',
      'The dhcp service has not told its address: 192.0.2.1 stands for it.',
    ]);
  });

  it('forgets who is gone when another of the service reports, and else says that it may be gone', () => {
    const gone = hello('dhcp', {
      connected: false,
      settings: { 'dhcp-mode': 'proxy' },
      facts: { interfaces },
    });
    const live = hello('dhcp', { instance: 'dhcp-2', facts: { interfaces } });
    const both = surroundingsOf([gone, live, hello('tftp'), hello('http')], undefined);
    expect(both.unknowns).to.deep.equal([]);
    expect(both.surroundings.dhcp.settings.mode).to.equal('reservation');
    const alone = surroundingsOf([gone, hello('tftp'), hello('http')], undefined);
    expect(alone.unknowns).to.deep.equal([
      'Whether a dhcp service runs: none reports now, and this is by what it said at 1970-01-01T00:00:00.000Z.',
    ]);
    expect(alone.surroundings.dhcp.settings.mode).to.equal('proxy');
  });

  it('knows where http listens from what it found, else from its settings', () => {
    const ports = (one: Reported) => [...surroundingsOf([one], undefined).surroundings.http.ports];
    const settings = { 'http-port': '0' };
    const addresses = '127.0.0.1:41234,[::1]:41235';
    expect(
      ports(hello('http', { settings, facts: { addresses, 'secure-addresses': '0.0.0.0:7272' } })),
    ).to.deep.equal([41_234, 41_235, 7272]);
    expect(ports(hello('http'))).to.deep.equal([8080, 7272]);
  });
});
