import { Registry } from 'prom-client';
import type { HostPort } from '#shared/config.ts';
import { type Replica, type ReplicaTuning, startReplica } from '#shared/hardware/replica.ts';
import type { ReplicaSettings } from '#shared/hardware/replica-settings.ts';
import { logSink } from './log-sink.ts';

/** Settings of a replica without token and TLS. */
export function replicaSettingsFor(hardwareAddr: HostPort, snapshotDir: string): ReplicaSettings {
  return {
    hardwareAddr,
    noopEnabled: false,
    snapshotDir,
    tokenFile: undefined,
    tlsCa: undefined,
    tlsCert: undefined,
    tlsKey: undefined,
  };
}

/** A replica that tries again quickly, with everything that it says: its log, and its metrics by name. */
export async function quickReplica(settings: ReplicaSettings, tuning: ReplicaTuning = {}) {
  const registry = new Registry();
  const sink = logSink();
  const replica: Replica = await startReplica({ settings, log: sink.log, metrics: registry }, 'test', {
    backoff: { min: 5, max: 40 },
    snapshotAfterMs: 10,
    ...tuning,
  });
  const metric = async (name: string): Promise<number | undefined> =>
    (await registry.getSingleMetric(`smee_replica_${name}`)?.get())?.values[0]?.value;
  const said = (message: string) => sink.lines.filter(({ msg }) => msg.startsWith(message));
  return { replica, metric, said, lines: sink.lines, text: sink.text };
}
