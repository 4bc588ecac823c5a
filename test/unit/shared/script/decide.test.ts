// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that expands these.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Machine } from '#shared/hardware/machine.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseAuthority, type Site } from '#shared/script/authority.ts';
import { decideScript, type ScriptSettings } from '#shared/script/decide.ts';
import { type DefaultBoot, renderScript } from '#shared/script/render.ts';
import { expectGolden } from '../../../support/golden.ts';
import { ipxeCommands, ipxeExpansions } from '../../../support/ipxe-commands.ts';
import { type MachineParts, machine } from '../../../support/machines.ts';

const settings: ScriptSettings = {
  osieUrl: undefined,
  tinkServer: undefined,
  tinkServerTls: false,
  tinkServerInsecureTls: false,
  extraKernelArgs: undefined,
  ipxeHttpScriptKernelName: 'vmlinuz',
  ipxeHttpScriptInitrdName: 'initramfs',
  ipxeScriptRetries: 0,
  ipxeScriptRetryDelay: 2,
  ipxeScriptSyslogFqdn: undefined,
  dhcpSyslogIp: undefined,
};
const site = (text: string): Site => ({ ...parseAuthority(text)!, scheme: 'http' });
const here = site('192.168.77.1:8080');

type Osie = Partial<Machine['netboot']['osie']>;

function withOsie(osie: Osie, parts: MachineParts = {}): Machine {
  return machine({
    ...parts,
    netboot: {
      osie: { baseUrl: undefined, kernel: undefined, initrd: undefined, kernelParams: [], ...osie },
    },
  });
}

function defaultBoot(one: Machine, over: Partial<ScriptSettings> = {}, at = here): DefaultBoot {
  const decision = decideScript(one, { ...settings, ...over }, at);
  if ('why' in decision || decision.script.kind !== 'default') throw new Error(JSON.stringify(decision));
  return decision.script.boot;
}

describe('shared/script/decide', () => {
  it('prefers the machine’s URL to its text, and its text to the default', () => {
    const kinds = [
      machine({ netboot: { scriptUrl: 'http://x/', scriptContents: 'shell' } }),
      machine({ netboot: { scriptContents: 'shell' } }),
      machine(),
    ].map((one) => {
      const decision = decideScript(one, settings, here);
      return 'why' in decision ? decision.why : decision.script.kind;
    });
    expect(kinds).to.deep.equal(['custom-url', 'custom-script', 'default']);
  });

  it('boots what the record says, in full', () => {
    const one = withOsie(
      {
        baseUrl: 'http://192.168.77.1:8080/artifacts/hook/',
        kernel: 'vmlinuz-hook',
        initrd: 'images/initramfs-hook',
        kernelParams: ['console=ttyS0'],
      },
      { facility: 'onprem console=ttyS1,115200', agentId: 'w7', dhcp: { vlanId: '30', arch: 'aarch64' } },
    );
    const over = {
      tinkServer: '192.168.77.1:42113',
      extraKernelArgs: 'registry_username=u',
      ipxeScriptRetries: 10,
    };
    const decision = decideScript(one, { ...settings, ...over }, here);
    expectGolden('scripts/from-record.ipxe', 'script' in decision ? renderScript(decision.script) : '');
  });

  describe('where kernel and initrd lie', () => {
    it('is our own artifacts at the address that the machine asked, when nobody says otherwise', () => {
      expect(defaultBoot(machine()).downloadUrl).to.equal('http://192.168.77.1:8080/artifacts');
    });
    it('is there by https, when the machine asked by https', () => {
      const boot = defaultBoot(machine(), {}, { ...here, scheme: 'https' });
      expect(boot.downloadUrl).to.equal('https://192.168.77.1:8080/artifacts');
    });
    it('is osie-url when it is set', () => {
      expect(defaultBoot(machine(), { osieUrl: new URL('https://cdn.example.com') }).downloadUrl).to.equal(
        'https://cdn.example.com',
      );
    });
    it('is the record’s base URL before osie-url', () => {
      const one = withOsie({ baseUrl: 'http://10.0.0.9/hook' });
      expect(defaultBoot(one, { osieUrl: new URL('https://cdn.example.com') }).downloadUrl).to.equal(
        'http://10.0.0.9/hook',
      );
    });
  });

  describe('what kernel and initrd are called', () => {
    it('is vmlinuz-<arch> and initramfs-<arch>, of x86_64 when the record names no architecture', () => {
      expect(defaultBoot(machine())).to.include({ kernel: 'vmlinuz-x86_64', initrd: 'initramfs-x86_64' });
      expect(defaultBoot(machine({ dhcp: { arch: 'aarch64' } }))).to.include({ kernel: 'vmlinuz-aarch64' });
    });
    it('follows the settings', () => {
      const over = { ipxeHttpScriptKernelName: 'k', ipxeHttpScriptInitrdName: 'i' };
      expect(defaultBoot(machine(), over)).to.include({ kernel: 'k-x86_64', initrd: 'i-x86_64' });
    });
    it('is what the record says, verbatim', () => {
      const boot = defaultBoot(withOsie({ kernel: 'k1', initrd: 'sub/i1' }));
      expect(boot).to.include({ kernel: 'k1', initrd: 'sub/i1' });
      expect(boot.kernelArgs, 'as iPXE names the image').to.include('initrd=i1');
    });
  });

  describe('where the log goes', () => {
    const rows: Record<string, [Partial<ScriptSettings>, string, string, DefaultBoot['syslog']]> = {
      'the address that the machine asked': [{}, '10.0.0.1:80', '10.0.0.1', { address: '10.0.0.1' }],
      'the name that the machine asked': [{}, 'boot:8080', 'boot', { name: 'boot' }],
      'dhcp-syslog-ip': [{ dhcpSyslogIp: parseIp4('10.0.0.5') }, 'boot', '10.0.0.5', { address: '10.0.0.5' }],
      'the name in the settings before the address': [
        { ipxeScriptSyslogFqdn: 'logs.example.com', dhcpSyslogIp: parseIp4('10.0.0.5') },
        'boot',
        'logs.example.com',
        { name: 'logs.example.com' },
      ],
      'nowhere for iPXE itself, when all there is is an IPv6 literal': [{}, '[::1]:80', '[::1]', undefined],
    };
    for (const [what, [over, host, inArgs, syslog]] of Object.entries(rows)) {
      it(`is ${what}`, () => {
        const boot = defaultBoot(machine(), over, site(host));
        expect(boot.kernelArgs).to.include(`syslog_host=${inArgs}`);
        expect(boot.syslog).to.deep.equal(syslog);
      });
    }
  });

  describe('a URL of the machine’s own', () => {
    const rows: Record<string, [string, string]> = {
      'ftp://x/y': ['bad-script-url', 'ipxe.url'],
      'file:///etc/passwd': ['bad-script-url', 'ipxe.url'],
      'http://': ['bad-script-url', 'ipxe.url'],
      'menu.ipxe': ['bad-script-url', 'ipxe.url'],
      'http://x/y\nimgfree': ['unsafe-record', 'ipxe.url holds a control character'],
      'http://x/${net0/mac}': ['unsafe-record', 'ipxe.url holds a ${ that iPXE would expand'],
      'http://x/ y': ['unsafe-record', 'ipxe.url holds white space'],
    };
    for (const [scriptUrl, [why, detail]] of Object.entries(rows)) {
      it(`is refused when it is ${JSON.stringify(scriptUrl)}`, () => {
        const decision = decideScript(machine({ netboot: { scriptUrl } }), settings, here);
        expect(decision).to.deep.equal({ why, detail });
      });
    }
  });

  describe('a record with a text that iPXE would misread', () => {
    const rows: Record<string, Machine> = {
      'dhcp.arch': machine({ dhcp: { arch: 'x86 64' } }),
      'dhcp.vlan_id': machine({ dhcp: { vlanId: '30 && shell' } }),
      agent_id: machine({ agentId: '${net0/mac}' }),
      'metadata.facility.facility_code': machine({ facility: 'a\nshell' }),
      'osie.base_url': withOsie({ baseUrl: 'http://x/\0' }),
      'osie.base_url ': withOsie({ baseUrl: 'http://x\\/' }),
      'osie.kernel': withOsie({ kernel: 'vmlinuz\\' }),
      'osie.initrd': withOsie({ initrd: 'initrd x' }),
      'osie.kernel_params[1]': withOsie({ kernelParams: ['quiet', 'x ; shell'] }),
    };
    for (const [field, one] of Object.entries(rows)) {
      it(`is refused, naming ${field} and not its value`, () => {
        const decision = decideScript(one, settings, here);
        if (!('why' in decision)) throw new Error('a script was made');
        expect(decision.why).to.equal('unsafe-record');
        expect(decision.detail?.split(' holds ')[0]).to.equal(field.trim());
        expect(decision.detail).not.to.include('shell');
      });
    }
  });

  it('never lets a field add a line, a command or an expansion', () => {
    const piece = fc.constantFrom(
      ...['a', '/', '$', '{', '}', '\n', '\r', '\0', '\t', '\\', '|', '&', ';', '#', ' ', '=', 'é', '\u2028'],
      ...['||', '&&', ' || ', ' && ', ' ; ', ' #', '${', '${net0/mac}', '\\\n', 'shell'],
    );
    const hostile = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 8 }).map((all) => all.join('')),
    );
    const maybe = fc.option(hostile, { nil: undefined });
    const record = fc.record({
      agentId: maybe,
      facility: maybe,
      arch: maybe,
      vlanId: maybe,
      baseUrl: maybe,
      kernel: maybe,
      initrd: maybe,
      kernelParams: fc.array(hostile, { maxLength: 3 }),
    });
    const skeleton = (one: Machine) => {
      const decision = decideScript(one, settings, here);
      if ('why' in decision) return undefined;
      const text = renderScript(decision.script);
      return {
        lines: text.split(/\r\n|[\n\r\0]/).length,
        commands: ipxeCommands(text).map(([command]) => command),
        expansions: ipxeExpansions(text),
      };
    };
    const expected = skeleton(machine());
    let made = 0;
    fc.assert(
      fc.property(record, ({ agentId, facility, arch, vlanId, ...osie }) => {
        const found = skeleton(withOsie(osie, { agentId, facility, dhcp: { arch, vlanId } }));
        if (found === undefined) return;
        made++;
        expect(found).to.deep.equal(expected);
      }),
      { numRuns: 2000 },
    );
    expect(made, 'records that are harmless').to.be.greaterThan(20);
  });
});
