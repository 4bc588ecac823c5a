import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const unpacked = fileURLToPath(new URL('../../.cache/clients/', import.meta.url));

/**
 * Where commands are looked for: PATH, the administrator's folders, and what `.ci/install` unpacked. Not where npm puts the
 * commands of its packages: `dhcp` brings a `dhcpd`, which is not ISC's.
 */
const folders = [
  ...(process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.endsWith('/node_modules/.bin')),
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  ...['usr/sbin', 'sbin', 'usr/bin', 'bin'].map((folder) => join(unpacked, folder)),
];

/** A file below what `.ci/install` unpacked from Debian packages. */
export function unpackedFile(path: string): string {
  return join(unpacked, path);
}

/** The path of a command, or undefined when this machine has none. */
export function find(command: string): string | undefined {
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

/** Whoever asks for something that this machine may lack: a test, which then is pending. */
export interface Pending {
  skip(): never;
}

/**
 * The path of a real client that a test speaks with. Where it is missing, the test fails in CI; elsewhere it is pending,
 * and the line that installs it is printed: never a silent skip.
 *
 * @param how the Debian package, or the whole line that brings it
 */
export function need(test: Pending, command: string, how: string): string {
  const found = find(command);
  if (found !== undefined) return found;
  return missing(test, `${command} is not here; ${how.includes(' ') ? how : `apt-get install ${how}`}`);
}

/** Ends a test that this machine cannot run: fails in CI, pending with the reason elsewhere. */
export function missing(test: Pending, why: string): never {
  if ((process.env.CI ?? '') !== '') throw new Error(why);
  console.log(`      pending: ${why}`);
  return test.skip();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
