import type { Reason } from '#shared/boot/reasons.ts';
import { toBytes } from '#shared/bytes.ts';
import type { Lease, Machine } from '#shared/hardware/machine.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import { formatMac } from '#shared/mac.ts';

/** The settings that shape a patch. */
export interface PatchSettings {
  readonly isoStaticIpamEnabled: boolean;
  readonly tinkServer: string | undefined;
  readonly tinkServerTls: boolean;
  readonly extraKernelArgs: string | undefined;
}

/** `detail` names the field, or the lengths, never a value. */
export type PatchDecision =
  | { readonly patch: Uint8Array }
  | { readonly why: Reason; readonly detail: string };

const consoles = 'console=ttyAMA0 console=ttyS0 console=tty0 console=tty1 console=ttyS1';
const space = 0x20;

/**
 * What is written over the magic string in a machine's ISO: kernel arguments in Smee's order, padded with spaces so that nothing
 * moves.
 *
 * @param room bytes of the magic string
 */
export function decidePatch(
  machine: Machine,
  settings: PatchSettings,
  syslogHost: string,
  room: number,
): PatchDecision {
  const unsafe = fieldsOf(machine, settings).find(([, text, allowed]) => !allowed.test(text));
  if (unsafe !== undefined) return { why: 'unsafe-record', detail: unsafe[0] };
  const text = toBytes(isoArgs(machine, settings, syslogHost).join(' '));
  if (text.length > room) {
    return { why: 'patch-too-long', detail: `${text.length} bytes, room for ${room}` };
  }
  const patch = new Uint8Array(room).fill(space);
  patch.set(text);
  return { patch };
}

/** The worker is always named by its MAC here, and nothing is said of insecure TLS: so Smee has it, and HookOS reads it. */
function isoArgs({ facility, dhcp }: Machine, settings: PatchSettings, syslogHost: string): string[] {
  const { tinkServer, tinkServerTls, extraKernelArgs } = settings;
  return [
    ...consoleArgs(facility),
    ...(dhcp.vlanId === undefined ? [] : [`vlan_id=${dhcp.vlanId}`]),
    `hw_addr=${dhcp.mac}`,
    `syslog_host=${syslogHost}`,
    `grpc_authority=${tinkServer ?? ''}`,
    `tinkerbell_tls=${tinkServerTls}`,
    `worker_id=${dhcp.mac}`,
    ...(extraKernelArgs === undefined ? [] : [extraKernelArgs]),
    ...(settings.isoStaticIpamEnabled ? [`ipam=${ipamOf(dhcp)}`] : []),
  ];
}

/** Records have no field for consoles; a facility that names some says all of them. */
function consoleArgs(facility: string | undefined): string[] {
  if (facility === undefined || facility === '') return [consoles];
  return facility.includes('console=') ? [`facility=${facility}`] : [`facility=${facility}`, consoles];
}

/** `<mac>:<vlan>:<address>:<mask>:<gateway>:<hostname>:<dns,…>:<search,…>:<ntp,…>`, as HookOS takes it apart. */
function ipamOf(dhcp: Lease): string {
  const one = (address: Ip4 | undefined) => (address === undefined ? '' : formatIp4(address));
  return [
    formatMac(dhcp.mac, 'dash'),
    dhcp.vlanId ?? '',
    one(dhcp.address),
    one(dhcp.netmask),
    one(dhcp.gateway),
    dhcp.hostname ?? '',
    dhcp.nameServers.map(formatIp4).join(','),
    dhcp.domainSearch.join(','),
    dhcp.timeServers.map(formatIp4).join(','),
  ].join(':');
}

/**
 * Letters that neither the kernel nor the boot loader in the ISO reads as anything else: in GRUB's scripts `;`, `$`, `{`, quotes
 * and the like are syntax, in ISOLINUX a line break is.
 */
const words = /^[A-Za-z0-9.,:=/_+@%~ -]*$/;
/** Within `ipam=`, colons and commas separate. */
const name = /^[A-Za-z0-9._-]*$/;

/** Every text of a record that a patch holds, with its name in the record. */
function fieldsOf(
  { facility, dhcp }: Machine,
  { isoStaticIpamEnabled }: PatchSettings,
): readonly (readonly [string, string, RegExp])[] {
  const ipam = [
    ['dhcp.hostname', dhcp.hostname ?? '', name] as const,
    ...dhcp.domainSearch.map((text, at) => [`dhcp.domain_search[${at}]`, text, name] as const),
  ];
  return [
    ['metadata.facility.facility_code', facility ?? '', words],
    ['dhcp.vlan_id', dhcp.vlanId ?? '', name],
    ...(isoStaticIpamEnabled ? ipam : []),
  ];
}
