import { bool, list, readTables, type Source, setting, text } from '#shared/config.ts';
import { dashboardSettings } from '../../services/dashboard/config.ts';
import { dhcpSettings } from '../../services/dhcp/config.ts';
import { hardwareSettings } from '../../services/hardware/config.ts';
import { chooseBackend } from '../../services/hardware/decide/backend.ts';
import { httpSettings } from '../../services/http/config.ts';
import { syslogSettings } from '../../services/syslog/config.ts';
import { tftpSettings } from '../../services/tftp/config.ts';
import { addressesOf, type Interfaces } from './interfaces.ts';

/** What only `smee up` can be told. */
export const upSettings = {
  iface: setting(
    'iface',
    list(text),
    undefined,
    'Interfaces to serve besides loopback, by name; unset: loopback only.',
  ),
  dashboardEnabled: setting('dashboard-enabled', bool, 'true', 'Serve the dashboard, too.'),
};

/** Everything that can be set for `smee up`. */
export const allTables = {
  up: upSettings,
  hardware: hardwareSettings,
  dhcp: dhcpSettings,
  tftp: tftpSettings,
  http: httpSettings,
  syslog: syslogSettings,
  dashboard: dashboardSettings,
};

export type UpSettings = ReturnType<typeof readTables<typeof allTables>>;

/**
 * The settings of all services, from one source. What the operator leaves open listens on loopback, and on the interfaces
 * that `iface` names: nobody's network is taken by surprise.
 * @throws {ConfigError} with every problem
 */
export function readUpSettings({ env, args }: Source, interfaces: Interfaces): UpSettings {
  const { iface = [] } = readTables(allTables, { env, args }).up;
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return readTables(allTables, { env: { ...listenDefaults(iface, interfaces), ...given }, args });
}

function listenDefaults(iface: readonly string[], interfaces: Interfaces): Source['env'] {
  const addresses = [...new Set(['127.0.0.1', ...addressesOf(iface, interfaces)])].join(',');
  const dhcp =
    iface.length === 0
      ? { SMEE_DHCP_ADDR: '127.0.0.1:67' }
      : { SMEE_DHCP_IFACE: [...new Set(['lo', ...iface])].join(',') };
  return { ...dhcp, SMEE_TFTP_ADDR: addresses, SMEE_HTTP_ADDR: addresses, SMEE_SYSLOG_ADDR: addresses };
}

/** The devices that real machines hang on: loopback is not one. */
export function servedDevices({ up, dhcp }: Pick<UpSettings, 'up' | 'dhcp'>): string[] {
  return [...new Set([...(up.iface ?? []), ...(dhcp.ifaces ?? [])])].filter((name) => name !== 'lo');
}

/** Where the records are read from, when it is a file or a folder. */
export function recordFilesOf(hardware: UpSettings['hardware']): string | undefined {
  const chosen = chooseBackend(hardware);
  return 'backend' in chosen && chosen.backend.kind === 'file' ? chosen.backend.path : undefined;
}
