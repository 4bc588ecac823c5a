import { execFile } from 'node:child_process';
import { copyFile, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, SmeeError } from '#shared/errors.ts';

const execute = promisify(execFile);

/** For one command, in milliseconds. */
const timeout = 120_000;

const loaders = ['undionly.kpxe', 'ipxe.efi', 'snponly.efi'];

/**
 * Fetches Debian's package `ipxe` and puts its binaries into a folder, which appears complete or not at all. Needs apt, a
 * Debian or Ubuntu mirror, and no root: the package is unpacked, not installed.
 *
 * @returns why it didn't work; undefined when it did
 */
export async function fetchIpxe(folder: string): Promise<string | undefined> {
  let work: string | undefined;
  try {
    await mkdir(dirname(folder), { recursive: true });
    work = resolve(await mkdtemp(join(dirname(folder), '.ipxe-')));
    await download(work);
    const ready = await unpack(work);
    await rename(ready, folder);
    return undefined;
  } catch (error) {
    // Somebody else was faster, with the same package.
    if (error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY') return undefined;
    return firstLine(messageOf(error));
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}

/** With the package lists of the host; where it has none, with lists of our own. */
async function download(folder: string): Promise<void> {
  try {
    await aptGet(folder, ['download', 'ipxe']);
  } catch (error) {
    if (isAbsent(error)) throw new SmeeError('no-apt', 'this host has no apt-get');
    const own = await ownState(folder);
    // Hooks of the host may fail for lack of root after the lists have come; the download will tell.
    await aptGet(folder, [...own, 'update']).catch(() => undefined);
    await aptGet(folder, [...own, 'download', 'ipxe']);
  }
}

async function ownState(folder: string): Promise<readonly string[]> {
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache'));
  return [
    `Dir::State::Lists=${join(folder, 'lists')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
  ].flatMap((setting) => ['-o', setting]);
}

/** A folder with nothing but the loaders. */
async function unpack(work: string): Promise<string> {
  const archive = (await readdir(work)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new SmeeError('no-package', 'apt-get brought no package');
  const contents = join(work, 'contents');
  await execute('dpkg-deb', ['-x', join(work, archive), contents], { timeout });

  const ready = join(work, 'ready');
  await mkdir(ready);
  for (const name of loaders) {
    // The package keeps some in /boot, behind absolute links that point nowhere in here.
    const places = ['usr/lib/ipxe', 'boot'].map((place) => join(contents, place, name));
    for (const place of places) if (await isFile(place)) await copyFile(place, join(ready, name));
  }
  if ((await readdir(ready)).length === 0)
    throw new SmeeError('no-loaders', `${archive} holds none of ${loaders.join(', ')}`);
  return ready;
}

/** Run inside our own folder: no sandbox user could write there. */
async function aptGet(folder: string, args: readonly string[]): Promise<void> {
  const { env } = process;
  await execute('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', ...args], {
    cwd: folder,
    timeout,
    env: { ...env, LC_ALL: 'C.UTF-8' },
  });
}

/** A link is none: the package's absolute ones would lead out of what was unpacked, to files of the host. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch {
    return false;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** A failed command's message begins with the command; what it said comes after. */
function firstLine(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => line.startsWith('E: ')) ?? lines[0] ?? message;
}
