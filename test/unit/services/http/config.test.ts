// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that expands these.
import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { ConfigError } from '#shared/errors.ts';
import { httpSettings } from '../../../../services/http/config.ts';

const read = (env: Record<string, string>) => readSettings(httpSettings, { env, args: [] });

describe('services/http/config.ts', () => {
  it('has Smee’s defaults', () => {
    expect(read({})).to.include({
      httpAddr: undefined,
      httpPort: 8080,
      httpIpxeBinaryEnabled: true,
      httpIpxeScriptEnabled: true,
      ipxeScriptRetries: 0,
      ipxeScriptRetryDelay: 2,
      ipxeHttpScriptKernelName: 'vmlinuz',
      ipxeHttpScriptInitrdName: 'initramfs',
      tinkServerTls: false,
      tinkServerInsecureTls: false,
      artifactDir: 'assets/artifacts',
      isoEnabled: false,
      isoUrl: undefined,
      isoMagicString: undefined,
      isoStaticIpamEnabled: false,
    });
  });

  it('takes Tinkerbell’s names where Smee has none', () => {
    expect(read({ TINKERBELL_IPXE_SCRIPT_SYSLOG_FQDN: 'logs' }).ipxeScriptSyslogFqdn).to.equal('logs');
  });

  it('lets the operator’s words for the kernel line be expanded by iPXE', () => {
    const { extraKernelArgs } = read({ SMEE_EXTRA_KERNEL_ARGS: 'a=b ip=${net0/ip}' });
    expect(extraKernelArgs).to.equal('a=b ip=${net0/ip}');
  });

  const good = ['10.244.0.0/16', '10.244.0.7/16', '10.0.0.1,fd00::/8', '::1', '0.0.0.0/1'];
  for (const text of good) {
    it(`trusts ${text}`, () => {
      expect(read({ SMEE_TRUSTED_PROXIES: text }).trustedProxies).to.deep.equal(text.split(','));
    });
  }

  const bad: Record<string, [string, string]> = {
    'a proxy that is no address': ['SMEE_TRUSTED_PROXIES', 'proxy.example.com'],
    'a prefix too long': ['SMEE_TRUSTED_PROXIES', '10.0.0.0/33'],
    'all of the Internet': ['SMEE_TRUSTED_PROXIES', '0.0.0.0/0'],
    'a prefix that is none': ['SMEE_TRUSTED_PROXIES', '10.0.0.0/x'],
    'two prefixes': ['SMEE_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    'a line break for the kernel line': ['SMEE_EXTRA_KERNEL_ARGS', 'a\nshell'],
    'a command for the kernel line': ['SMEE_EXTRA_KERNEL_ARGS', 'a && shell'],
    'a Tink server in two words': ['SMEE_TINK_SERVER', '10.0.0.1:42113 x'],
    'a syslog host with a port': ['SMEE_IPXE_SCRIPT_SYSLOG_FQDN', 'logs:514'],
    'an ISO that is a file': ['SMEE_ISO_URL', 'file:///hook.iso'],
    'a magic string with a space': ['SMEE_ISO_MAGIC_STRING', 'over here'],
    'a magic string that begins as it ends': ['SMEE_ISO_MAGIC_STRING', 'abcab'],
    'an OSIE that is no URL': ['SMEE_OSIE_URL', '10.0.0.1/hook'],
  };
  for (const [what, [name, value]] of Object.entries(bad)) {
    it(`refuses ${what}`, () => {
      expect(() => read({ [name]: value })).to.throw(ConfigError, name);
    });
  }

  it('does not repeat a secret that it refuses', () => {
    expect(() => read({ SMEE_EXTRA_KERNEL_ARGS: 'registry_password=hunter2\n' })).to.throw(
      ConfigError,
      /^(?!.*hunter2)/s,
    );
  });
});
