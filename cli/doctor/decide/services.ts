import type { Facts, ServiceFact, ServiceName } from '../facts.ts';
import { type Finding, type FindingCode, found } from '../findings.ts';
import { isRefused } from './ports.ts';

/** What keeps DHCP, and a whole `smee up`, from starting or from hearing. */
const interfaceTrouble: readonly FindingCode[] = [
  'no-such-interface',
  'interface-without-address',
  'interface-down',
];

/**
 * Which services do not run, or run and cannot work, as far as nothing else explains it.
 * @param causes what was found already: a port that is taken says why its service is not there
 */
export function judgeServices(facts: Facts, causes: readonly Finding[]): readonly Finding[] {
  const { hardware, services, tftp, deniedDevices } = facts;
  const boot = services.filter(({ service }) => service !== 'hardware');
  const nothingHeard = hardware.failure !== undefined && boot.every(({ state }) => state === 'silent');
  if (nothingHeard && hardware.local) {
    const asked = `${hardware.where} (${hardware.failure}) and the health ports were asked`;
    return causes.length > 0 || boot.some(isHeld) ? [] : [found('nothing-runs', `${asked}.`)];
  }

  const answering = new Set(tftp.some(({ answers }) => answers) ? ['tftp'] : []);
  const noDevice = deniedDevices.length > 0 || causes.some(({ code }) => interfaceTrouble.includes(code));
  const explained = new Set<ServiceName>(noDevice ? ['dhcp'] : []);
  const deafened = new Set([...explained, ...droppedServices(facts)]);
  const down = boot.filter(
    (one) =>
      hardware.local &&
      one.state === 'silent' &&
      !isHeld(one) &&
      !isRefused(one.wanted) &&
      !answering.has(one.service) &&
      !explained.has(one.service),
  );
  // Without the hardware service nobody can be ready who has no snapshot.
  const unready =
    hardware.failure === undefined
      ? services.filter(({ service, state }) => state === 'not-ready' && !deafened.has(service))
      : [];
  return [
    ...(hardware.failure === undefined
      ? []
      : [found('hardware-down', `${hardware.where}: ${hardware.failure}.`)]),
    ...down.map(({ service, asked, why }) => found('service-down', `${service}: ${asked} (${why}).`)),
    ...unready.map(({ service, why }) => found('service-not-ready', `${service}: ${why}.`)),
  ];
}

/** A service that is cut off notices that it hears nothing. */
function droppedServices({ rules, guests }: Facts): readonly ServiceName[] {
  const byRule = rules.filter(({ verdict }) => verdict === 'dropped').map(({ service }) => service);
  return guests.some(({ small }) => !small) ? [...byRule, 'tftp'] : byRule;
}

function isHeld({ wanted }: ServiceFact): boolean {
  return wanted.holders.length > 0;
}
