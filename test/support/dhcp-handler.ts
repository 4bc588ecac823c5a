import { Registry } from 'prom-client';
import { readSettings } from '#shared/config.ts';
import { createLog, type Log } from '#shared/log.ts';
import type { DatagramInfo } from '#shared/udp/engine.ts';
import { dhcpSettings } from '../../services/dhcp/config.ts';
import { ExchangeTelling } from '../../services/dhcp/exchange-telling.ts';
import { createHandler } from '../../services/dhcp/handler.ts';
import { Interfaces } from '../../services/dhcp/interfaces.ts';
import { dhcpMetrics } from '../../services/dhcp/metrics.ts';
import { ip } from './dhcp-request.ts';
import { logSink } from './log-sink.ts';
import { emptyMachines, type FakeMachines } from './machines.ts';
import { Keeping } from './telling.ts';

/** From a client without an address, by broadcast, on the provisioner's eth7 (index 7, 192.168.77.1, MTU 1500). */
export const fromNobody: DatagramInfo = {
  sourceAddress: 0,
  sourcePort: 68,
  ifindex: 7,
  localAddress: ip('192.168.77.1'),
};

interface HandlerOptions {
  readonly machines?: FakeMachines;
  readonly args?: readonly string[];
  readonly missingLoaders?: readonly string[];
  readonly onProxyPort?: boolean;
  /** Milliseconds; a clock that stands still when absent. */
  readonly now?: () => number;
  readonly log?: Log;
}

/** The handler on a host of its own making, with everything it logs and counts. */
export function dhcpHandler({
  machines = emptyMachines,
  args = [],
  missingLoaders = [],
  onProxyPort = false,
  now = () => 0,
  log: given,
}: HandlerOptions = {}) {
  const { log, lines, text } = logSink('dhcp');
  // One object, as in the service: with another one at each look nothing would ever be answered from memory.
  const missing = new Set(missingLoaders);
  const registry = new Registry();
  const kept = new Keeping();
  const settings = readSettings(dhcpSettings, { env: {}, args });
  const telling = new ExchangeTelling(kept, onProxyPort ? settings.proxyPort : undefined, now);
  const host = {
    byIndex: new Map([[7, { name: 'eth7', mtu: 1500 }]]),
    addresses: new Map([
      ['eth7', [ip('192.168.77.1')]],
      ['eth8', [ip('10.0.0.1')]],
    ]),
  };
  const handle = createHandler({
    settings,
    machines,
    interfaces: new Interfaces(now, () => host),
    missingLoaders: () => missing,
    onProxyPort,
    metrics: dhcpMetrics(registry),
    log: given ?? log,
    telling,
    now,
  });
  return {
    handle,
    lines,
    /** What the hardware service is told. */
    events: kept.events,
    telling,
    /** The lines about exchanges. */
    exchanges: () => lines.filter(({ level }) => level !== 'debug'),
    text,
    /** The value of one metric, by its labels in the exposition format. */
    async metric(name: string): Promise<number> {
      const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1) ?? 0);
    },
  };
}

/** A log of one level whose lines are made and thrown away. */
export function silentLog(level: string): Log {
  return createLog('dhcp', level, { write: () => {} });
}
