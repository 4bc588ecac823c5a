import { formatIp4, type Ip4, maskOf, sameNetwork } from '#shared/ip4.ts';
import type { Facts, InterfaceFact, Network } from '../facts.ts';
import { type Finding, found } from '../findings.ts';

/** Whether machines can be served on the interfaces that are named. */
export function judgeInterfaces(facts: Facts): readonly Finding[] {
  return facts.interfaces.flatMap((one) => {
    const { name, exists, up, networks } = one;
    if (!exists) return [found('no-such-interface', `There is no ${name}.`)];
    if (!up) return [found('interface-down', `${name} is down.`)];
    if (networks.length === 0) return [found('interface-without-address', `${name} has none.`)];
    return leadsToNobody(one, facts);
  });
}

/** Only where we give the addresses: elsewhere records need none. */
function leadsToNobody(
  { name, networks, routed }: InterfaceFact,
  { mode, hardware }: Facts,
): readonly Finding[] {
  const addresses = (hardware.records ?? []).flatMap(({ address }) => address ?? []);
  const reached = [...networks, ...routed];
  const isReached = (address: Ip4) => reached.some((network) => isIn(address, network));
  if (mode !== 'reservation' || addresses.length === 0 || addresses.some(isReached)) return [];
  const some = addresses.slice(0, 3).map(formatIp4).join(', ');
  const where = networks.map(formatNetwork).join(' and ');
  const count = addresses.length === 1 ? 'the only record has' : `${addresses.length} records have`;
  return [
    found(
      'interface-without-records',
      `${name} is in ${where}; ${count} ${some}${addresses.length > 3 ? ', …' : ''}.`,
    ),
  ];
}

function isIn(address: Ip4, network: Network): boolean {
  return sameNetwork(address, network.address, maskOf(network.prefix));
}

function formatNetwork({ address, prefix }: Network): string {
  return `${formatIp4((address & maskOf(prefix)) >>> 0)}/${prefix}`;
}
