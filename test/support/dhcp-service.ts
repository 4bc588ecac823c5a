import { readSettings } from '#shared/config.ts';
import { createMetrics } from '#shared/metrics.ts';
import { dhcpSettings } from '../../services/dhcp/config.ts';
import { startDhcp } from '../../services/dhcp/server.ts';
import { logSink } from './log-sink.ts';
import { emptyMachines, type FakeMachines } from './machines.ts';
import { until } from './until.ts';

/** The service on loopback, with everything it logs; tftp-ip is set so that no iPXE folder of this host has a say. */
export async function dhcpService({
  machines = emptyMachines,
  args = ['--dhcp-tftp-ip=127.0.0.1'],
}: {
  machines?: FakeMachines;
  args?: readonly string[];
} = {}) {
  const { log, lines } = logSink('dhcp');
  const flags = ['--dhcp-addr=127.0.0.1:0', '--dhcp-ops-addr=127.0.0.1:0'];
  const settings = readSettings(dhcpSettings, { env: {}, args: [...flags, ...args] });
  const service = await startDhcp({ settings, log, metrics: createMetrics('dhcp') }, machines);
  const { host, port } = service.opsAddress;
  return {
    addresses: service.addresses,
    proxyAddresses: service.proxyAddresses,
    server: service.addresses[0] ?? { host: '', port: 0 },
    /** On the port of the proxy modes. */
    proxyServer: service.proxyAddresses[0] ?? { host: '', port: 0 },
    lines,
    /** Waits until this many exchanges stand in the log. */
    seen: (count: number): Promise<void> =>
      until('the lines', () => lines.filter(({ said }) => said !== undefined).length >= count),
    ops: (path: string): Promise<Response> => fetch(`http://${host}:${port}${path}`),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}
