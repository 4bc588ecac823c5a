import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { type Ip4, parseCidr, parseIp4 } from '#shared/ip4.ts';
import { openUdp } from '#shared/udp/open.ts';
import type { InterfaceFact, Network } from '../facts.ts';
import { jsonOf } from './command.ts';

/** The parts of `ip -d -j addr` (iproute2) that matter here. */
const links = z.array(
  z.object({
    ifindex: z.number(),
    ifname: z.string(),
    flags: z.array(z.string()),
    mtu: z.number(),
    linkinfo: z
      .object({
        info_kind: z.string().optional(),
        info_data: z
          .object({ stp_state: z.number().optional(), vlan_filtering: z.number().optional() })
          .optional(),
      })
      .optional(),
    addr_info: z.array(
      z.object({
        family: z.string().optional(),
        local: z.string().optional(),
        prefixlen: z.number().optional(),
      }),
    ),
  }),
);

const routes = z.array(
  z.object({ dst: z.string(), dev: z.string().optional(), gateway: z.string().optional() }),
);

/** The named interfaces as the kernel has them; undefined where nobody can be asked (no iproute2). */
export async function probeInterfaces(
  names: readonly string[],
): Promise<readonly InterfaceFact[] | undefined> {
  const [addresses, table] = await Promise.all([
    jsonOf('ip', ['-d', '-j', 'addr', 'show']),
    jsonOf('ip', ['-j', '-4', 'route', 'show']),
  ]);
  const found = links.safeParse(addresses);
  if (!found.success) return undefined;
  const routed = routes.safeParse(table).data ?? [];
  return names.map((name) => {
    const link = found.data.find(({ ifname }) => ifname === name);
    if (link === undefined) return { ...absent, name };
    const { flags, linkinfo, ifindex: index, mtu } = link;
    const isBridge = linkinfo?.info_kind === 'bridge';
    const { stp_state: stp, vlan_filtering: vlans } = { ...linkinfo?.info_data };
    return {
      name,
      index,
      mtu,
      exists: true,
      // A bridge that nothing is plugged into has no carrier, and is none the worse for it.
      up: flags.includes('UP') && (isBridge || !flags.includes('NO-CARRIER')),
      networks: link.addr_info.flatMap(({ family, local = '', prefixlen: prefix = 32 }) => {
        const address = family === 'inet' ? parseIp4(local) : undefined;
        return address === undefined ? [] : [{ address, prefix }];
      }),
      routed: routed.flatMap(({ dst, dev, gateway }) =>
        dev === name && gateway !== undefined ? readRoute(dst) : [],
      ),
      openBridge: isBridge && stp === 0 && vlans === 0,
    };
  });
}

const absent = { index: 0, exists: false, up: false, networks: [], routed: [], mtu: 0, openBridge: false };

/** `192.168.0.0/16`, or one address. */
function readRoute(text: string): readonly Network[] {
  const cidr = parseCidr(text);
  return cidr === undefined ? [] : [{ address: cidr.network, prefix: cidr.prefix }];
}

export function ownAddresses(): readonly Ip4[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return all.flatMap(({ address }) => parseIp4(address) ?? []);
}

/** Those of the devices that this user may not bind a socket to. */
export async function deniedDevices(names: readonly string[]): Promise<readonly string[]> {
  const denied: string[] = [];
  for (const device of names) {
    try {
      await openUdp({
        address: 0,
        port: 0,
        device,
        handle: () => undefined,
        onError: () => undefined,
      }).close();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EPERM') denied.push(device);
    }
  }
  return denied;
}
