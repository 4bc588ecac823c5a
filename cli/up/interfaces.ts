import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { ConfigError } from '#shared/errors.ts';

/** IPv4 addresses by interface; those without one are not there. */
export type Interfaces = ReadonlyMap<string, readonly string[]>;

/** The interfaces of this host that have an IPv4 address. */
export function addressedInterfaces(): Interfaces {
  const all = Object.entries(networkInterfaces()).map(([name, addresses = []]) => {
    return [name, addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address)] as const;
  });
  return new Map(all.filter(([, addresses]) => addresses.length > 0));
}

/**
 * The addresses of interfaces that the operator named.
 * @throws {ConfigError} for each that doesn't exist or has no IPv4 address, naming those that would do
 */
export function addressesOf(names: readonly string[], interfaces: Interfaces): readonly string[] {
  const problems = names
    .filter((name) => !interfaces.has(name))
    .map(
      (name) =>
        `--iface=${name}: ${absence(name)}; interfaces with one: ${[...interfaces.keys()].join(', ')}`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
  return names.flatMap((name) => interfaces.get(name) ?? []);
}

function absence(name: string): string {
  if (!existing().includes(name)) return 'there is no such interface, so it has no IPv4 address';
  if (hasNoCarrier(name))
    return 'this interface has no carrier: plug its cable in, or switch on what it leads to';
  return 'this interface has no IPv4 address';
}

/** Without one, Node does not tell of the interface, whatever address it has. */
function hasNoCarrier(name: string): boolean {
  try {
    return readFileSync(`/sys/class/net/${name}/carrier`, 'utf8').trim() === '0';
  } catch {
    return false; // it is down, or there is no /sys
  }
}

/** Those of our own network namespace, up or down: a line `  eth0: 0 0 …` each, below two of headings. */
function existing(): readonly string[] {
  try {
    const lines = readFileSync('/proc/net/dev', 'utf8').split('\n');
    return lines.slice(2).map((line) => line.split(':')[0]?.trim() ?? '');
  } catch {
    return [];
  }
}
