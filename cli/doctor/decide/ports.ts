import type { Facts, PortFact, ServiceFact } from '../facts.ts';
import { type Finding, found } from '../findings.ts';

/** Who holds the port of a service that is not heard. */
export function judgePorts({ services }: Facts): readonly Finding[] {
  return services.filter(isSilent).flatMap(({ service, wanted }) => {
    const others = wanted.holders.filter(({ kind }) => kind === 'foreign' || kind === 'hidden');
    if (others.length === 0) return [];
    const who = others.map(({ pid, name }) => (pid === undefined ? hidden : `${name} (process ${pid})`));
    const sure = others.some(({ kind }) => kind === 'foreign') ? 'certain' : 'likely';
    return [found('port-taken', `${portOf(wanted)} (${service}) is held by ${who.join(' and ')}.`, sure)];
  });
}

const hidden = 'a program that this user may not see (root may)';

/** What this user may not open, where a service is not heard, or had to go to another port. */
export function judgeRights({ services, interfaces, deniedDevices, hardware }: Facts): readonly Finding[] {
  if (!hardware.local) return [];
  // On loopback alone, other ports than the usual ones do: no firmware asks there.
  const moved = services.filter(({ actual, wanted }) => actual !== undefined && actual !== wanted.port);
  const denied = services.filter(({ wanted, ...service }) => isSilent(service) && isRefused(wanted));
  const details = [
    ...(interfaces.length === 0 ? [] : moved).map(
      ({ service, wanted, actual }) => `${service} had to take ${actual} instead of ${portOf(wanted)}`,
    ),
    ...denied.map(({ service, wanted }) => `${portOf(wanted)} (${service}) is refused to this user`),
    ...(services.some((one) => one.service === 'dhcp' && isSilent(one)) ? deniedDevices : []).map(
      (device) => `${device} may not be bound to (dhcp; CAP_NET_RAW)`,
    ),
  ];
  return details.length === 0 ? [] : [found('missing-capability', `${details.join('; ')}.`)];
}

function isSilent({ state }: Pick<ServiceFact, 'state'>): boolean {
  return state === 'silent';
}

/** Nobody has it, and this user may not have it either. */
export function isRefused({ allowed, holders }: PortFact): boolean {
  return !allowed && holders.length === 0;
}

function portOf({ protocol, port }: Pick<PortFact, 'protocol' | 'port'>): string {
  return `${protocol.toUpperCase()} port ${port}`;
}
