import { readdir, readFile } from 'node:fs/promises';

const folder = '/sys/class/net';

/** Where the kernel does not say (no /sys, or an interface that has just gone): Ethernet. */
const usualMtu = 1500;

/** How long an answer holds, in milliseconds: an MTU hardly ever changes. */
const holdsFor = 10_000;

let known: Promise<ReadonlyMap<number, number>> = Promise.resolve(new Map());
let knownUntil = 0;

/** The MTU of an interface by its kernel index, in bytes of IP. */
export async function interfaceMtu(ifindex: number): Promise<number> {
  const now = performance.now();
  if (now >= knownUntil) {
    knownUntil = now + holdsFor;
    known = readAll();
  }
  return (await known).get(ifindex) ?? usualMtu;
}

async function readAll(): Promise<ReadonlyMap<number, number>> {
  const names = await readdir(folder).catch(() => []);
  const pairs = names.map(async (name) => {
    const numbers = ['ifindex', 'mtu'].map((file) => readNumber(`${folder}/${name}/${file}`));
    const [ifindex = 0, mtu = usualMtu] = await Promise.all(numbers);
    return [ifindex, mtu] as const;
  });
  return new Map(await Promise.all(pairs));
}

async function readNumber(path: string): Promise<number | undefined> {
  return await readFile(path, 'latin1').then(Number, () => undefined);
}
