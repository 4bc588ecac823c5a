import { formatIp4 } from '#shared/ip4.ts';
import type { Facts, OfferFact } from '../facts.ts';
import { type Finding, found } from '../findings.ts';

/** Who else answered our DISCOVER. Beside the proxy modes, a server that only gives addresses is what they need. */
export function judgeOffers({ mode, offers, ownAddresses }: Facts): readonly Finding[] {
  const rivals = offers.filter(
    ({ from, boots }) => !ownAddresses.includes(from) && (mode === 'reservation' || boots),
  );
  const byServer = Object.values(Object.groupBy(rivals, (one) => `${one.interface} ${one.from}`));
  return byServer.flatMap((group = []) => {
    // It may have answered both of our packets: the one with an address says more.
    const said = group.find(({ offered }) => offered !== '0.0.0.0') ?? group[0];
    return said === undefined ? [] : [found('other-dhcp-server', `${describe(said)}.`)];
  });
}

function describe({ interface: name, from, serverId, mac, offered, boots }: OfferFact): string {
  const address = formatIp4(from);
  const id = serverId === address || serverId === '' ? '' : `, server identifier ${serverId}`;
  const card = mac === undefined ? '' : `, MAC ${mac}`;
  const offer = offered === '0.0.0.0' ? 'a boot and no address (proxyDHCP)' : offered;
  return `On ${name}, ${address}${id}${card} offers ${offer}${boots && offered !== '0.0.0.0' ? ' and a boot file' : ''}`;
}
