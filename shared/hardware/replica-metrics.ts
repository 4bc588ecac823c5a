import { Counter, Gauge, type Registry } from 'prom-client';

export type ReplicaMetrics = ReturnType<typeof replicaMetrics>;

/** @param age seconds since the replica was last known to be current; Infinity before it ever was */
export function replicaMetrics(registry: Registry, age: () => number = () => Number.POSITIVE_INFINITY) {
  const registers = [registry];
  return {
    revision: new Gauge({
      name: 'smee_replica_revision',
      help: 'Revision of the hardware store that the replica has reached',
      registers,
    }),
    age: new Gauge({
      name: 'smee_replica_age_seconds',
      help: 'Seconds since the replica was last known to be current; 0 while in sync, +Inf before it ever was',
      registers,
      collect() {
        this.set(age());
      },
    }),
    connected: new Gauge({
      name: 'smee_replica_connected',
      help: '1 while the watch of the hardware service is in sync',
      registers,
    }),
    records: new Gauge({
      name: 'smee_replica_machines',
      help: 'Hardware records in the replica',
      registers,
    }),
    problems: new Counter({
      name: 'smee_replica_field_problems_total',
      help: 'Fields of hardware records that could not be read and were left out',
      registers,
    }),
    reconnects: new Counter({
      name: 'smee_replica_lost_total',
      help: 'Watches of the hardware service that ended or could not be started',
      registers,
    }),
    restarts: new Counter({
      name: 'smee_replica_started_over_total',
      help: 'Times the replica was filled from nothing because it could not be continued',
      registers,
    }),
    snapshotErrors: new Counter({
      name: 'smee_replica_snapshot_errors_total',
      help: 'Snapshot files that could not be read or written',
      registers,
    }),
  };
}
