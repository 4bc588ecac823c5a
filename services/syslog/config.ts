import { bool, hostPort, ip4, list, port, setting, type Values } from '#shared/config.ts';
import { reportSettings } from '#shared/events/settings.ts';
import { replicaSettings } from '#shared/hardware/replica-settings.ts';
import { logSettings } from '#shared/log.ts';

/** What can be set for the syslog service. */
export const syslogSettings = {
  ...logSettings,
  ...replicaSettings,
  ...reportSettings,
  syslogEnabled: setting(
    'syslog-enabled',
    bool,
    'true',
    'Receive syslog; false leaves only health and metrics.',
  ),
  syslogAddr: setting('syslog-addr', list(ip4), undefined, 'Addresses to listen on; unset: all.'),
  syslogPort: setting('syslog-port', port, '514', 'Port to listen on.'),
  syslogOpsAddr: setting(
    'syslog-ops-addr',
    hostPort,
    '127.0.0.1:9105',
    'Where /healthz, /readyz and /metrics are served.',
  ),
};

export type SyslogSettings = Values<typeof syslogSettings>;
