import { curvesDhcpClients } from './curves-dhcp-clients.ts';
import { curvesDhcpRecords } from './curves-dhcp-records.ts';
import { curvesHttp } from './curves-http.ts';
import { curvesTftp } from './curves-tftp.ts';
import { dashboard } from './dashboard.ts';
import { dhcpReporting } from './dhcp-reporting.ts';
import { dhcpReservations } from './dhcp-reservations.ts';
import { httpArtifacts } from './http-artifacts.ts';
import { hundredThousand } from './hundred-thousand.ts';
import type { Scenario } from './scenario.ts';
import { scripts } from './scripts.ts';
import { soak } from './soak.ts';
import { storm } from './storm.ts';
import { tftp } from './tftp.ts';
import { watchFanout } from './watch-fanout.ts';

/** All there are, by the names that the command line and docs/benchmarks.md know them by; in the order of the page's table. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'dhcp-reservations': dhcpReservations,
  'dhcp-reporting': dhcpReporting,
  tftp,
  'http-artifacts': httpArtifacts,
  scripts,
  storm,
  soak,
  'hundred-thousand': hundredThousand,
  'watch-fanout': watchFanout,
  'curves-dhcp-records': curvesDhcpRecords,
  'curves-dhcp-clients': curvesDhcpClients,
  'curves-tftp': curvesTftp,
  'curves-http': curvesHttp,
  dashboard,
};
