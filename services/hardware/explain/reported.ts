import { wellKnownLoaders } from '#shared/assets/ipxe.ts';
import { readSettings, type Table, type Values } from '#shared/config.ts';
import { ConfigError } from '#shared/errors.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { type Ip4, parseIp4, sameNetwork } from '#shared/ip4.ts';
import { dhcpSettings } from '../../dhcp/config.ts';
import { httpSettings } from '../../http/config.ts';
import { tftpSettings } from '../../tftp/config.ts';
import { type Names, standIns, type World } from './decide/world.ts';

/** What one running service said of itself: its Hello. */
export interface Reported {
  readonly service: string;
  readonly instance: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, string>>;
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
    unknowns.push(...doubtsAbout(service, told));
    const [latest] = told;
    return { settings: settingsOf(service, table, latest, unknowns), facts: latest?.facts ?? {} };
  };
  const dhcp = read('dhcp', dhcpSettings);
  const tftp = read('tftp', tftpSettings);
  const http = read('http', httpSettings);

  const addresses = addressesIn(dhcp.facts.addresses ?? '');
  const address = dhcp.settings.ipForPacket ?? nearest(addresses, dhcp.settings.addr.address, machine);
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
        addresses: new Set(addresses),
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
      },
    },
  };
}

/** What of a service is only assumed. */
function doubtsAbout(service: string, told: readonly Reported[]): readonly string[] {
  const [latest, ...others] = told;
  if (latest === undefined) return [`No ${service} service has reported: its defaults are assumed.`];
  const withheld = latest.facts['secrets-withheld'] ?? '';
  const differ = others.filter((one) => !sameTexts(one.settings, latest.settings));
  return [
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
  const flags = new Set(Object.values(table).map(({ flag }) => flag));
  const texts = Object.entries(told?.settings ?? {}).filter(([flag]) => flags.has(flag));
  try {
    return readSettings(table, { env: {}, args: texts.map(([flag, text]) => `--${flag}=${text}`) });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    unknowns.push(`What the ${service} service reported cannot be read: its defaults are assumed.`);
    return readSettings(table, { env: {}, args: [] });
  }
}

/** The address that the service has where the machine is: the one in its network, else the one that it listens on. */
function nearest(addresses: readonly Ip4[], listens: Ip4, machine: Machine | undefined): Ip4 | undefined {
  const { address, netmask } = machine?.dhcp ?? {};
  const near =
    address === undefined || netmask === undefined
      ? undefined
      : addresses.find((one) => sameNetwork(one, address, netmask));
  const isLoopback = (one: Ip4) => one >>> 24 === 127;
  return (
    near ?? (listens === 0 ? undefined : listens) ?? addresses.find((one) => !isLoopback(one)) ?? addresses[0]
  );
}

function addressesIn(text: string): readonly Ip4[] {
  return [...text.matchAll(/\d+\.\d+\.\d+\.\d+/g)]
    .map(([one]) => parseIp4(one))
    .filter((one) => one !== undefined && one !== 0)
    .map(Number);
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
