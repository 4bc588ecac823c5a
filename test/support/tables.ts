import type { Table } from '#shared/config.ts';
import { dhcpSettings } from '../../services/dhcp/config.ts';
import { hardwareSettings } from '../../services/hardware/config.ts';
import { httpSettings } from '../../services/http/config.ts';
import { syslogSettings } from '../../services/syslog/config.ts';
import { tftpSettings } from '../../services/tftp/config.ts';

/** Every service's settings. */
export const tables: Readonly<Record<string, Table>> = {
  hardware: hardwareSettings,
  dhcp: dhcpSettings,
  tftp: tftpSettings,
  http: httpSettings,
  syslog: syslogSettings,
};
