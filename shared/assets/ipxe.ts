import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { architectures } from '../arch.ts';
import { ConfigError } from '../errors.ts';
import { patchLoader } from './ipxe-patch.ts';
import { type OpenedFile, openBelow, type Refused } from './open.ts';

/** The names that Smee and Debian know; other files of the iPXE folder are loaders too. */
export const wellKnownLoaders = [
  'undionly.kpxe',
  'ipxe.efi',
  'snponly.efi',
  'snp.efi',
  'snp-x86_64.efi',
  'snp-arm64.efi',
  'ipxe.iso',
  'ipxe-efi.img',
] as const;

/** Where the binaries lie when nobody says so: Debian's package, then what `npm start` unpacked. */
const usualFolders = ['/usr/lib/ipxe', 'assets/ipxe'] as const;

/** A boot storm looks at the disk once in this time, not once per machine. Milliseconds. */
const freshFor = 1000;

/** An iPXE binary, patched, ready to be sent. Never changes: a newer file becomes another Loader. */
interface Loader {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly modified: Date;
}

/** The iPXE binaries of one folder, held in memory and at most a second older than the folder. */
export interface Loaders {
  /** The folder that they are read from; undefined when there is none. */
  readonly folder: string | undefined;
  /** The well-known names, there or not, and every other file of the folder: what `resolveAsset` wants. */
  names(): Promise<ReadonlySet<string>>;
  /** What lies in the folder. */
  present(): Promise<readonly string[]>;
  /** The binary; `loader-missing` when there is none of that name. */
  read(name: string): Promise<Loader | Refused>;
  /** Names that an architecture needs and that are not there: to be said at start. */
  missing(): Promise<readonly string[]>;
}

interface Remembered<T> {
  readonly value: Promise<T>;
  readonly at: number;
}

/**
 * @param folder undefined: the first that exists of /usr/lib/ipxe and assets/ipxe
 * @param patch script fragment that is written over the magic string of Tinkerbell's builds
 * @param now milliseconds, rising
 * @throws {ConfigError} when a named folder is not there, or the patch is too long
 */
export async function loadLoaders(
  folder?: string,
  patch = '',
  now: () => number = () => performance.now(),
): Promise<Loaders> {
  patchLoader(new Uint8Array(), patch);
  const root = await firstFolder(folder === undefined ? usualFolders : [folder]);
  if (root === undefined && folder !== undefined) {
    throw new ConfigError([`--ipxe-dir=${JSON.stringify(folder)}: there is no such folder`]);
  }

  const loaders = new Map<string, Remembered<Loader | Refused>>();
  let listing: Remembered<readonly string[]> | undefined;

  const present = (): Promise<readonly string[]> => {
    if (root === undefined) return Promise.resolve([]);
    if (listing === undefined || now() - listing.at >= freshFor) {
      listing = { value: filesIn(root), at: now() };
    }
    return listing.value;
  };

  return {
    folder: root,
    names: async () => new Set([...wellKnownLoaders, ...(await present())]),
    present,
    async missing() {
      const there = await present();
      const wanted = new Set(Object.values(architectures).flatMap(({ loader }) => loader ?? []));
      return [...wanted].filter((name) => !there.includes(name));
    },
    async read(name) {
      if (root === undefined || !(await present()).includes(name)) return { why: 'loader-missing' };
      const known = loaders.get(name);
      if (known !== undefined && now() - known.at < freshFor) return known.value;
      const value = load(root, name, patch, known?.value);
      loaders.set(name, { value, at: now() });
      return value;
    },
  };
}

async function load(
  root: string,
  name: string,
  patch: string,
  before: Promise<Loader | Refused> | undefined,
): Promise<Loader | Refused> {
  const file = await openLoader(root, name);
  if ('why' in file) return file.why === 'not-found' ? { why: 'loader-missing' } : file;
  const { handle, size, modified } = file;
  try {
    const known = await before;
    if (
      known !== undefined &&
      'bytes' in known &&
      known.bytes.length === size &&
      +known.modified === +modified
    )
      return known;
    return { name, bytes: patchLoader(await handle.readFile(), patch), modified };
  } catch {
    return { why: 'file-unreadable' };
  } finally {
    await handle.close();
  }
}

/**
 * Debian's package keeps ipxe.efi in /boot, for GRUB, and has a link to it: a link may lead to a file of the same name
 * somewhere else, and to nothing else.
 */
async function openLoader(root: string, name: string): Promise<OpenedFile | Refused> {
  const file = await openBelow(root, name);
  if (!('why' in file) || file.why !== 'outside-root') return file;
  const real = await realpath(join(root, name)).catch(() => '');
  return basename(real) === name ? await openBelow(dirname(real), name) : file;
}

async function firstFolder(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return folder;
  }
  return undefined;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name);
}
