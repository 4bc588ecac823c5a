import { wellKnownLoaders } from '#shared/assets/ipxe.ts';
import type { Table, Values } from '#shared/config.ts';
import { parseSettings, type SettingTexts } from '#shared/config-text.ts';
import { ConfigError } from '#shared/errors.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { anyAddress, type Ip4, parseIp4, sameNetwork } from '#shared/ip4.ts';
import { dhcpSettings } from '../../dhcp/config.ts';
import { httpSettings } from '../../http/config.ts';
import { tftpSettings } from '../../tftp/config.ts';
import { type Names, standIns, type World } from './decide/world.ts';

/** What one running service said of itself: its Hello. */
export interface Reported {
  readonly service: string;
  readonly instance: string;
  readonly settings: SettingTexts;
  readonly facts: Readonly<Record<string, string>>;
  /** When it said so, in milliseconds since 1970. */
  readonly at: number;
  /** It reports now. */
  readonly connected: boolean;
}

type Surroundings = Pick<World, 'dhcp' | 'tftp' | 'http'>;

/**
 * The services as they reported themselves, the one that was heard last first. Who did not report is assumed to have the defaults,
 * and that is said.
 */
export function surroundingsOf(
  reported: readonly Reported[],
  machine: Machine | undefined,
): { readonly surroundings: Surroundings; readonly unknowns: readonly string[] } {
  const unknowns: string[] = [];
  const read = <T extends Table>(service: string, table: T) => {
    const told = reported.filter((one) => one.service === service);
    const live = told.filter(({ connected }) => connected);
    // Who is gone has been replaced, perhaps by one with other settings.
    const [latest, ...others] = live.length > 0 ? live : told.slice(0, 1);
    unknowns.push(...doubtsAbout(service, latest, others));
    return { settings: settingsOf(service, table, latest, unknowns), facts: latest?.facts ?? {} };
  };
  const dhcp = read('dhcp', dhcpSettings);
  const tftp = read('tftp', tftpSettings);
  const http = read('http', httpSettings);

  const host = interfacesIn(dhcp.facts.interfaces ?? '');
  const address = addressFor(machine, dhcp.settings, host);
  if (address === undefined)
    unknowns.push('The dhcp service has not told its address: 192.0.2.1 stands for it.');
  const knownLoaders = (names: Names) => new Set([...wellKnownLoaders, ...(names ?? [])]);
  const [tftpLoaders, httpLoaders] = [namesIn(tftp.facts.loaders), namesIn(http.facts.loaders)];
  return {
    unknowns,
    surroundings: {
      dhcp: {
        enabled: dhcp.settings.enabled,
        settings: dhcp.settings,
        address: address ?? standIns.server,
        addresses: new Set(host.map(({ address: one }) => one)),
        missingLoaders: namesIn(dhcp.facts['missing-loaders']) ?? new Set(),
      },
      tftp: {
        settings: tftp.settings,
        knownLoaders: knownLoaders(tftpLoaders),
        loaders: tftpLoaders,
        hasAssets: tftp.settings.tftpAssetDir !== undefined,
      },
      http: {
        settings: http.settings,
        knownLoaders: knownLoaders(httpLoaders),
        loaders: httpLoaders,
        hasAssets: http.settings.tftpAssetDir !== undefined,
        artifacts: namesIn(http.facts.artifacts),
        ports: portsOf(http.facts, http.settings),
      },
    },
  };
}

/** What of a service is only assumed. */
function doubtsAbout(
  service: string,
  latest: Reported | undefined,
  others: readonly Reported[],
): readonly string[] {
  if (latest === undefined) return [`No ${service} service has reported: its defaults are assumed.`];
  const { connected, at, facts, settings } = latest;
  const withheld = facts['secrets-withheld'] ?? '';
  const differ = others.filter((one) => !sameTexts(one.settings, settings));
  const when = new Date(at).toISOString();
  return [
    ...(connected
      ? []
      : [`Whether a ${service} service runs: none reports now, and this is by what it said at ${when}.`]),
    ...(withheld === '' ? [] : [`The ${service} service keeps its ${withheld} to itself.`]),
    ...(differ.length === 0
      ? []
      : [`Not all ${service} services have the same settings: those of ${latest.instance} are used.`]),
  ];
}

function sameTexts(one: Reported['settings'], other: Reported['settings']): boolean {
  const flags = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...flags].every((flag) => one[flag] === other[flag]);
}

/** By the service's own table. A release that says what this one cannot read is another reason for the defaults. */
function settingsOf<T extends Table>(
  service: string,
  table: T,
  told: Reported | undefined,
  unknowns: string[],
): Values<T> {
  try {
    return parseSettings(table, told?.settings ?? {});
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    unknowns.push(`What the ${service} service reported cannot be read: its defaults are assumed.`);
    return parseSettings(table, {});
  }
}

/** An interface of the host of dhcp, with one of its addresses. */
interface HostInterface {
  readonly name: string;
  readonly address: Ip4;
}

/** The address that dhcp has where the machine is: the one that its settings name, else the one in the machine's network. */
function addressFor(
  machine: Machine | undefined,
  { ipForPacket, publicIpInterface, addr, ifaces }: Values<typeof dhcpSettings>,
  host: readonly HostInterface[],
): Ip4 | undefined {
  const { address, netmask } = machine?.dhcp ?? {};
  const bound = host.filter(({ name }) => ifaces === undefined || ifaces.includes(name));
  const isNear = (one: HostInterface) =>
    address !== undefined && netmask !== undefined && sameNetwork(one.address, address, netmask);
  const isLoopback = (one: HostInterface) => one.address >>> 24 === 127;
  const usual = bound.find(isNear) ?? bound.find((one) => !isLoopback(one)) ?? bound[0];
  const named = host.find(({ name }) => name === publicIpInterface)?.address;
  return ipForPacket ?? named ?? (addr.address === anyAddress ? usual?.address : addr.address);
}

/** `eth0=192.168.77.1,lo=127.0.0.1` */
function interfacesIn(text: string): readonly HostInterface[] {
  return text.split(',').flatMap((one) => {
    const [name = '', dotted = ''] = one.split('=');
    const address = parseIp4(dotted);
    return address === undefined ? [] : [{ name, address }];
  });
}

/** Where http listens; `0.0.0.0:8080,…` */
function portsOf(
  facts: Reported['facts'],
  { httpPort, httpsBindPort }: Values<typeof httpSettings>,
): ReadonlySet<number> {
  const told = `${facts.addresses ?? ''},${facts['secure-addresses'] ?? ''}`;
  const ports = [...told.matchAll(/:(\d+)(?=,|$)/g)].map(([, port]) => Number(port));
  return new Set(ports.length === 0 ? [httpPort, httpsBindPort] : ports);
}

/** A list of names; undefined when nobody told. */
function namesIn(text: string | undefined): Names {
  return text === undefined
    ? undefined
    : new Set(
        text
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== ''),
      );
}
