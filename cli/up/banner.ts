import { relative } from 'node:path';
import { styleText } from 'node:util';
import { formatHostPort } from '#shared/config.ts';
import type { Artifacts } from './demo-artifacts.ts';
import type { Interfaces } from './interfaces.ts';
import type { FoundLoaders } from './loaders.ts';
import type { Running } from './start.ts';

export interface BannerFacts {
  readonly running: Pick<Running, 'addresses' | 'records'>;
  readonly loaders: FoundLoaders;
  readonly artifacts: Artifacts;
  /** Ports that this user may not bind to. */
  readonly moved: readonly number[];
  readonly interfaces: Interfaces;
  /** Those that are served besides loopback. */
  readonly ifaces: readonly string[];
  /** Those that DHCP is bound to, each with a socket of its own. */
  readonly dhcpIfaces: readonly string[];
}

type Row = readonly [label: string, text: string];

/** What a person wants to know when everything is up: every address, what is served, and what to try next. */
export function formatBanner(facts: BannerFacts, stream: NodeJS.WriteStream): string {
  const bold = (text: string) => styleText('bold', text, { stream });
  const dim = (text: string) => styleText('dim', text, { stream });
  const row = ([label, text]: Row) => (label === '' ? '' : `  ${dim(label.padEnd(10))} ${text}`);
  const { records } = facts.running;
  return [
    '',
    `  ${bold('smee is up')} ${dim(`${records} hardware ${records === 1 ? 'record' : 'records'}; Ctrl-C stops`)}`,
    '',
    ...addressRows(facts).map(row),
    '',
    ...contentRows(facts).map(row),
    '',
    ...noteRows(facts).map(row),
    `  ${bold('Try next')}`,
    ...nextThings(facts).map(([command, what]) => `    ${command.padEnd(52)} ${dim(what)}`),
    '',
  ].join('\n');
}

function addressRows({ running, dhcpIfaces }: BannerFacts): readonly Row[] {
  const { hardware, dhcp, dhcpProxy, tftp, http, https, syslog, dashboard, ops } = running.addresses;
  const join = (addresses: readonly Parameters<typeof formatHostPort>[0][], prefix = '') =>
    addresses.map((address) => prefix + formatHostPort(address)).join('  ');
  // A socket that is bound to a device listens on all of its addresses: the device says more.
  const heard = (sockets: typeof dhcp) =>
    dhcpIfaces.length === 0
      ? join(sockets)
      : dhcpIfaces.map((name, at) => `${name}:${sockets[at]?.port}`).join('  ');
  const health = Object.entries({ ...ops, http: http[0], ...(dashboard && { dashboard }) })
    .map(([service, address]) => `${address?.port} ${service}`)
    .join(', ');
  return [
    ['hardware', `${formatHostPort(hardware)}  gRPC`],
    ['dhcp', `${heard(dhcp)}  UDP`],
    ...(dhcpProxy.length === 0 ? [] : [['proxy', `${heard(dhcpProxy)}  UDP`] as const]),
    ['tftp', `${join(tftp)}  UDP`],
    ['http', join(http, 'http://')],
    ...(https.length === 0 ? [] : [['https', join(https, 'https://')] as const]),
    ['syslog', `${join(syslog)}  UDP`],
    ['dashboard', dashboard === null ? 'off' : `http://${formatHostPort(dashboard)}/`],
    ['health', `/readyz and /metrics on ports ${health}`],
  ];
}

function contentRows({ loaders, artifacts }: BannerFacts): readonly Row[] {
  const missing = loaders.missing.length === 0 ? '' : `, without ${loaders.missing.join(', ')}`;
  const listed = artifacts.names.slice(0, 4).join(', ') + (artifacts.names.length > 4 ? ', …' : '');
  const demo = artifacts.demo.length === 0 ? '' : ` (demo bytes, no system: ${artifacts.demo.join(', ')})`;
  return [
    [
      'iPXE',
      loaders.folder === undefined ? 'none: loaders are missing' : `${shorten(loaders.folder)}${missing}`,
    ],
    ['artifacts', `${shorten(artifacts.folder)}: ${listed === '' ? 'none' : listed}${demo}`],
  ];
}

/** What real machines cannot live with. */
function noteRows({ moved, ifaces }: BannerFacts): readonly Row[] {
  if (moved.length === 0) return [];
  const moves = moved.map((port) => `${port} → ${port + 10_000}`).join(', ');
  const real = ifaces.length === 0 ? '' : ' Real firmware asks the real ports: run it as root.';
  return [
    ['ports', `this user may not bind to ports below 1024: ${moves}.${real}`],
    ['', ''],
  ];
}

function nextThings({ interfaces, ifaces }: BannerFacts): readonly Row[] {
  const other = [...interfaces.keys()].find((name) => name !== 'lo');
  return [
    ['npx smee simulate', 'boot a machine, here and now'],
    ['npx smee hardware apply -f examples/hardware.yaml', 'a record of your own'],
    ifaces.length === 0
      ? [`npx smee up --iface ${other ?? 'eth0'}`, 'serve a real network (ports below 1024 need root)']
      : ['npx smee watch', 'see machines boot, as it happens'],
  ];
}

function shorten(path: string): string {
  const short = relative('.', path);
  return short.startsWith('..') ? path : short;
}
