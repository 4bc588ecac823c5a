import type { Reason } from '../boot/reasons.ts';
import { lineProblem } from '../boot/script-line.ts';
import type { Machine } from '../hardware/machine.ts';
import { formatIp4, type Ip4, parseIp4 } from '../ip4.ts';
import type { Authority, Site } from './authority.ts';
import { anyKernelArgs, kernelArgs } from './kernel-args.ts';
import type { Script, SyslogHost } from './render.ts';

/** The settings that say where a machine's log goes. */
export interface SyslogSettings {
  readonly ipxeScriptSyslogFqdn: string | undefined;
  readonly dhcpSyslogIp: Ip4 | undefined;
}

/** The settings that shape a script. */
export interface ScriptSettings extends SyslogSettings {
  /** Without it: our own artifacts, at the address by which the client reaches our HTTP service. */
  readonly osieUrl: URL | undefined;
  readonly tinkServer: string | undefined;
  readonly tinkServerTls: boolean;
  readonly tinkServerInsecureTls: boolean;
  readonly extraKernelArgs: string | undefined;
  readonly ipxeHttpScriptKernelName: string;
  readonly ipxeHttpScriptInitrdName: string;
  readonly ipxeScriptRetries: number;
  readonly ipxeScriptRetryDelay: number;
}

export type ScriptDecision =
  | { readonly script: Script }
  /** `detail` names the field and what is wrong with it, never its value. */
  | { readonly why: Reason; readonly detail: string };

/**
 * The script of a machine that may boot: its own URL before its own text before the default.
 *
 * @param here how the client reaches our HTTP service
 */
export function decideScript(machine: Machine, settings: ScriptSettings, here: Site): ScriptDecision {
  const { mac } = machine.dhcp;
  const { scriptUrl, scriptContents } = machine.netboot;
  if (scriptUrl !== undefined) return customUrl(machine, scriptUrl);
  if (scriptContents !== undefined) {
    return { script: { kind: 'custom-script', mac, contents: scriptContents } };
  }
  return defaultScript(machine, settings, here);
}

function customUrl(machine: Machine, url: string): ScriptDecision {
  const problem = lineProblem(url, 'word');
  if (problem !== undefined) return unsafe('ipxe.url', problem);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return { why: 'bad-script-url', detail: 'ipxe.url' };
  return { script: { kind: 'custom-url', mac: machine.dhcp.mac, url } };
}

function defaultScript(machine: Machine, settings: ScriptSettings, here: Site): ScriptDecision {
  for (const [field, text, shape] of fieldsOf(machine)) {
    const problem = lineProblem(text, shape);
    if (problem !== undefined) return unsafe(field, problem);
  }
  const { mac, arch = 'x86_64' } = machine.dhcp;
  const { osie } = machine.netboot;
  const kernel = osie.kernel ?? `${settings.ipxeHttpScriptKernelName}-${arch}`;
  const initrd = osie.initrd ?? `${settings.ipxeHttpScriptInitrdName}-${arch}`;
  const syslogHost = syslogHostOf(settings, here);
  return {
    script: {
      kind: 'default',
      boot: {
        mac,
        arch,
        downloadUrl: downloadUrl(osie.baseUrl, settings, here),
        kernel,
        initrd,
        kernelArgs: kernelArgs(machine, baseName(initrd), { ...settings, syslogHost }),
        retries: settings.ipxeScriptRetries,
        retryDelay: settings.ipxeScriptRetryDelay,
        syslog: syslogTarget(syslogHost),
      },
    },
  };
}

/**
 * The script of any machine, for one without a record where none is required: iPXE itself knows its MAC and, roughly, its
 * architecture.
 */
export function anyScript(settings: ScriptSettings, here: Site): Script {
  const { ipxeHttpScriptKernelName: kernel, ipxeHttpScriptInitrdName: initrd } = settings;
  const syslogHost = syslogHostOf(settings, here);
  return {
    kind: 'any',
    boot: {
      arch: undefined,
      downloadUrl: downloadUrl(undefined, settings, here),
      kernel: `${kernel}-\${arch}`,
      initrd: `${initrd}-\${arch}`,
      kernelArgs: anyKernelArgs(baseName(`${initrd}-\${arch}`), { ...settings, syslogHost }),
      retries: settings.ipxeScriptRetries,
      retryDelay: settings.ipxeScriptRetryDelay,
      syslog: syslogTarget(syslogHost),
    },
  };
}

/** An image's name as iPXE knows it. */
function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function downloadUrl(own: string | undefined, { osieUrl }: ScriptSettings, here: Site): string {
  return withoutSlash(own ?? osieUrl?.href ?? `${here.scheme}://${here.text}/artifacts`);
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

/** Every text of a record that the default script holds, with its name in the record. */
function fieldsOf(machine: Machine): readonly (readonly [string, string, 'word' | 'words'])[] {
  const { dhcp, netboot } = machine;
  const words = [
    ['dhcp.arch', dhcp.arch],
    ['dhcp.vlan_id', dhcp.vlanId],
    ['agent_id', machine.agentId],
    // As the script has it: behind a slash may stand a backslash.
    ['osie.base_url', withoutSlash(netboot.osie.baseUrl ?? '')],
    ['osie.kernel', netboot.osie.kernel],
    ['osie.initrd', netboot.osie.initrd],
  ] as const;
  return [
    ...words.map(([field, text]) => [field, text ?? '', 'word'] as const),
    ['metadata.facility.facility_code', machine.facility ?? '', 'words'],
    ...netboot.osie.kernelParams.map((text, at) => [`osie.kernel_params[${at}]`, text, 'words'] as const),
  ];
}

/** How a machine reaches the syslog server: as the settings say, else where it reached us. */
export function syslogHostOf(settings: SyslogSettings, here: Authority): string {
  const { ipxeScriptSyslogFqdn, dhcpSyslogIp } = settings;
  return ipxeScriptSyslogFqdn ?? (dhcpSyslogIp === undefined ? here.host : formatIp4(dhcpSyslogIp));
}

/** iPXE's `syslog` setting is an IPv4 address; an IPv6 literal cannot be looked up either. */
function syslogTarget(host: string): SyslogHost | undefined {
  if (host.startsWith('[')) return undefined;
  return parseIp4(host) === undefined ? { name: host } : { address: host };
}

function unsafe(field: string, problem: string): ScriptDecision {
  return { why: 'unsafe-record', detail: `${field} holds ${problem}` };
}
