import { readSettings } from '#shared/config.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { dhcpSettings } from '../../services/dhcp/config.ts';
import type { World } from '../../services/hardware/explain/decide/world.ts';
import { httpSettings } from '../../services/http/config.ts';
import { tftpSettings } from '../../services/tftp/config.ts';
import { ip } from './dhcp-request.ts';
import { machine } from './machines.ts';

const loaders: readonly string[] = ['undionly.kpxe', 'ipxe.efi', 'snp-arm64.efi'];

export interface WorldParts {
  readonly machines?: readonly Machine[];
  readonly mac?: string;
  /** Flags of all services. */
  readonly dhcp?: readonly string[];
  readonly tftp?: readonly string[];
  readonly http?: readonly string[];
  readonly missing?: readonly string[];
  readonly artifacts?: readonly string[];
  readonly change?: (world: World) => World;
}

/** A provisioner at 192.168.77.1 with the defaults, every loader, and kernel and initrd of x86_64; one machine that may boot. */
export function world({
  machines = [machine()],
  mac = '52:54:00:77:00:07',
  dhcp = [],
  tftp = [],
  http = [],
  missing = [],
  artifacts = ['vmlinuz-x86_64', 'initramfs-x86_64'],
  change = (one) => one,
}: WorldParts = {}): World {
  const there = new Set(loaders.filter((name) => !missing.includes(name)));
  const read = <T extends Parameters<typeof readSettings>[0]>(table: T, args: readonly string[]) =>
    readSettings(table, { env: {}, args });
  const dhcpValues = read(dhcpSettings, dhcp);
  const tftpValues = read(tftpSettings, tftp);
  const httpValues = read(httpSettings, http);
  return change({
    mac: mac as World['mac'],
    machines,
    synced: true,
    leftOut: undefined,
    heard: undefined,
    dhcp: {
      enabled: dhcpValues.enabled,
      settings: dhcpValues,
      address: ip('192.168.77.1'),
      addresses: new Set([ip('192.168.77.1'), ip('10.0.0.1')]),
      missingLoaders: new Set(missing),
    },
    tftp: {
      settings: tftpValues,
      knownLoaders: new Set(loaders),
      loaders: there,
      hasAssets: tftpValues.tftpAssetDir !== undefined,
    },
    http: {
      settings: httpValues,
      knownLoaders: new Set(loaders),
      loaders: there,
      hasAssets: httpValues.tftpAssetDir !== undefined,
      artifacts: new Set(artifacts),
      ports: new Set([httpValues.httpPort]),
    },
  });
}
