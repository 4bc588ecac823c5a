import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { ConfigError } from '#shared/errors.ts';
import { dhcpSettings } from '../../../../services/dhcp/config.ts';
import { ip } from '../../../support/dhcp-request.ts';

const read = (env: Record<string, string> = {}) => readSettings(dhcpSettings, { env, args: [] });

describe('services/dhcp/config', () => {
  it("has Smee's defaults", () => {
    expect(read()).to.deep.include({
      enabled: true,
      mode: 'reservation',
      addr: { address: 0, port: 67 },
      proxyPort: 4011,
      ifaces: undefined,
      opsAddr: { host: '127.0.0.1', port: 9102 },
      enableNetbootOptions: true,
      ipForPacket: undefined,
      tftpPort: 69,
      binaryScheme: 'http',
      binaryPort: 8080,
      binaryPath: '/ipxe/',
      binaryMacFormat: 'colon',
      scriptPort: 8080,
      scriptPath: '/auto.ipxe',
      scriptPrependMac: true,
      chain: 'auto',
    });
  });

  it('reads addresses, interfaces and the architecture map', () => {
    const settings = read({
      SMEE_DHCP_ADDR: '127.0.0.1:10067',
      SMEE_DHCP_IFACE: 'lo, eth0',
      SMEE_DHCP_IP_FOR_PACKET: '192.168.77.1',
      SMEE_IPXE_OVERRIDE_ARCH_MAPPING: '7=snponly.efi, 27=riscv64.efi',
    });
    expect(settings.addr).to.deep.equal({ address: ip('127.0.0.1'), port: 10_067 });
    expect(settings.ifaces).to.deep.equal(['lo', 'eth0']);
    expect(settings.ipForPacket).to.equal(ip('192.168.77.1'));
    expect([...settings.archMapping]).to.deep.equal([
      [7, 'snponly.efi'],
      [27, 'riscv64.efi'],
    ]);
  });

  for (const mode of ['reservation', 'proxy', 'auto-proxy']) {
    it(`takes dhcp-mode ${mode}`, () => {
      expect(read({ SMEE_DHCP_MODE: mode }).mode).to.equal(mode);
    });
  }

  it("takes Tinkerbell's names for what only Tinkerbell has", () => {
    const env = {
      TINKERBELL_DHCP_ENABLE_NETBOOT_OPTIONS: 'false',
      TINKERBELL_IPXE_BINARY_INJECT_MAC_ADDR_FORMAT: 'empty',
    };
    expect(read(env)).to.include({ enableNetbootOptions: false, binaryMacFormat: 'empty' });
  });

  const bad: readonly [name: string, value: string, what: string][] = [
    ['SMEE_DHCP_MODE', 'server', 'must be one of reservation, proxy, auto-proxy'],
    ['SMEE_DHCP_PROXY_PORT', '65536', 'must be a whole number'],
    ['SMEE_DHCP_ADDR', 'localhost:67', 'must be an IPv4 address and a port'],
    ['SMEE_DHCP_ADDR', '0.0.0.0', 'must be an IPv4 address and a port'],
    ['SMEE_DHCP_IFACE', 'eth0/1', 'must be the name of an interface'],
    ['SMEE_DHCP_TFTP_IP', 'tftp.example', 'must be an IPv4 address'],
    ['SMEE_DHCP_HTTP_IPXE_BINARY_HOST', 'a:80', 'must be an IPv4 address or a host name'],
    ['SMEE_DHCP_HTTP_IPXE_SCRIPT_PATH', 'a b', 'must be a path'],
    ['SMEE_DHCP_HTTP_IPXE_SCRIPT_URL', 'ftp://x', 'must be an http:// or https:// URL'],
    ['SMEE_IPXE_OVERRIDE_ARCH_MAPPING', '7', 'must be arch=binary'],
    ['SMEE_IPXE_OVERRIDE_ARCH_MAPPING', '65536=x', 'must be arch=binary'],
    ['SMEE_IPXE_CHAIN', 'sometimes', 'must be one of auto, always, never'],
  ];
  for (const [name, value, what] of bad) {
    it(`refuses ${name}=${value}`, () => {
      expect(() => read({ [name]: value })).to.throw(ConfigError, what);
    });
  }
});
