import { formatIp4, parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { decodeHardware } from '../store/codec.ts';
import type { Key, Store } from '../store/store.ts';
import type { BootRows } from './boot-rows.ts';

/**
 * The MACs that a person means: a MAC in any form, an IPv4 address (of a record, else the one that a stranger was seen with), or
 * the name of a record. Empty when nobody is meant.
 */
export function macsOf(machine: string, store: Store, boots: BootRows): readonly string[] {
  const mac = parseMac(machine);
  if (mac !== undefined) return [mac];
  const address = parseIp4(machine);
  if (address === undefined) return recordMacs(store, { field: 'name', value: machine });
  const value = formatIp4(address);
  const recorded = recordMacs(store, { field: 'ip', value }, value);
  if (recorded.length > 0) return recorded;
  const seen = boots.byAddress(value);
  return seen === undefined ? [] : [seen.mac];
}

/** @param ip only of the interfaces with this address */
function recordMacs(store: Store, key: Key, ip?: string): readonly string[] {
  return store
    .find(key)
    .flatMap(({ bytes }) => decodeHardware(bytes).interfaces)
    .filter(({ dhcp }) => ip === undefined || dhcp?.ip?.address === ip)
    .flatMap(({ dhcp }) => (dhcp?.mac === undefined || dhcp.mac === '' ? [] : [dhcp.mac]));
}
