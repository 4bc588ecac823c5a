import { bool, setting, text, type Values } from '../config.ts';
import { clientSettings } from '../grpc/settings.ts';

/** What every service that answers from a replica of the hardware records can be told about it. */
export const replicaSettings = {
  ...clientSettings,
  noopEnabled: setting(
    'backend-noop-enabled',
    bool,
    'false',
    'No records at all, and no hardware service; for dhcp-mode auto-proxy, which needs none.',
  ),
  snapshotDir: setting(
    'snapshot-dir',
    text,
    'data/snapshots',
    'Folder where the last known hardware records are kept, for a start while the hardware service is down.',
  ),
};

export type ReplicaSettings = Values<typeof replicaSettings>;
