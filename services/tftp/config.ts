import { loaderSettings } from '#shared/assets/settings.ts';
import {
  bool,
  duration,
  hostPort,
  integer,
  ip4,
  list,
  port,
  setting,
  text,
  type Values,
} from '#shared/config.ts';
import { replicaSettings } from '#shared/hardware/replica-settings.ts';
import { logSettings } from '#shared/log.ts';
import { traceSettings } from '#shared/trace/settings.ts';
import { blockSizes } from './wire/codes.ts';

/** What can be set for the TFTP service. */
export const tftpSettings = {
  ...logSettings,
  ...replicaSettings,
  ...traceSettings,
  ...loaderSettings,
  tftpEnabled: setting('tftp-enabled', bool, 'true', 'Serve TFTP; false leaves only health and metrics.'),
  tftpAddr: setting('tftp-addr', list(ip4), undefined, 'Addresses to listen on; unset: all.'),
  tftpPort: setting('tftp-port', port, '69', 'Port to listen on.'),
  tftpBlockSize: setting(
    'tftp-block-size',
    integer(blockSizes.least, blockSizes.most),
    '512',
    "Largest block that is negotiated, in bytes; the default leaves it to the interface's MTU. Without negotiation it is 512.",
  ),
  tftpTimeout: setting(
    'tftp-timeout',
    duration,
    '5s',
    'Longest wait for an acknowledgement before a block is sent again; the first wait is a tenth of it.',
  ),
  tftpSinglePort: setting(
    'tftp-single-port',
    bool,
    'true',
    'Answer from the port that was asked (works through NAT and published container ports); false: a port per transfer.',
    { tinkerbell: true },
  ),
  tftpAssetDir: setting(
    'tftp-asset-dir',
    text,
    undefined,
    'Folder of other files that are served; unset: only iPXE binaries.',
    { tinkerbell: true },
  ),
  tftpMaxTransfers: setting('tftp-max-transfers', integer(1, 1_000_000), '10000', 'Transfers at a time.'),
  tftpMaxTransfersPerClient: setting(
    'tftp-max-transfers-per-client',
    integer(1, 1_000_000),
    '64',
    'Transfers at a time with one address; raise it when a NAT hides many machines behind one.',
  ),
  tftpOpsAddr: setting(
    'tftp-ops-addr',
    hostPort,
    '127.0.0.1:9103',
    'Where /healthz, /readyz and /metrics are served.',
  ),
};

export type TftpSettings = Values<typeof tftpSettings>;
