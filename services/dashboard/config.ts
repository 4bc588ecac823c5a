import { hostPort, type Kind, list, setting, text, type Values, Wrong } from '#shared/config.ts';
import { clientSettings } from '#shared/grpc/settings.ts';
import { logSettings } from '#shared/log.ts';

/** A name or an address as a browser's address bar has it, without a port. */
const hostName: Kind<string> = {
  name: 'host',
  parse: (value) =>
    /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/i.test(value)
      ? value.toLowerCase()
      : new Wrong('must be a host name or an address, without a port'),
  print: String,
};

/** What can be set for the dashboard. */
export const dashboardSettings = {
  ...logSettings,
  ...clientSettings,
  dashboardAddr: setting(
    'dashboard-addr',
    hostPort,
    '127.0.0.1:8090',
    'Where the page, its API, health and metrics are served.',
  ),
  dashboardTokenFile: setting(
    'dashboard-token-file',
    text,
    undefined,
    'File with the token that a person enters to change records and to see what is secret in them; unset: the page only reads.',
  ),
  dashboardHosts: setting(
    'dashboard-hosts',
    list(hostName),
    undefined,
    'Further names by which browsers may ask for the page, besides loopback and the addresses of this host.',
  ),
};

export type DashboardSettings = Values<typeof dashboardSettings>;
