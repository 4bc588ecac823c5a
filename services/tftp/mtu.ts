import { devices } from '#shared/udp/devices.ts';

/** Where the kernel does not say (an interface that has just gone): Ethernet. */
const usualMtu = 1500;

/** How long an answer holds, in milliseconds: an MTU hardly ever changes. */
const holdsFor = 10_000;

let known: ReadonlyMap<number, number> = new Map();
let knownUntil = 0;

/** The MTU of an interface by its kernel index, in bytes of IP. */
export function interfaceMtu(ifindex: number): number {
  const now = performance.now();
  if (now >= knownUntil) {
    knownUntil = now + holdsFor;
    known = new Map(devices().map(({ index, mtu }) => [index, mtu]));
  }
  return known.get(ifindex) ?? usualMtu;
}
