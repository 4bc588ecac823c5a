import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import type { Reason } from '../boot/reasons.ts';

export interface OpenedFile {
  /** Open for reading; the caller closes it. */
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
  readonly modified: Date;
  /** Another one for every other content, as far as the file system can tell. */
  readonly version: string;
}

export interface Refused {
  readonly why: Reason;
}

/** Linux: a reference to a file, without opening it. Not in Node's constants; the same number on x86-64 and arm64. */
const O_PATH = 0o10000000;

/**
 * Opens a regular file below `root` for reading, and nothing else: the path may not be absolute, step up, or lead out by a
 * symbolic link (one that stays inside is fine).
 *
 * What is checked is what is read. The path is first opened as a mere reference (O_PATH), which has no side effect on pipes
 * and devices; kind and real place of *that* file are checked, and then that same file is opened through /proc. Whoever
 * swaps a link in between gains nothing.
 *
 * @param path relative to `root`, elements separated by `/`
 */
export async function openBelow(root: string, path: string): Promise<OpenedFile | Refused> {
  if (leaves(path)) return { why: 'outside-root' };
  let reference: FileHandle | undefined;
  try {
    const inside = await realpath(root);
    reference = await open(`${inside}/${path}`, O_PATH);
    const link = `/proc/self/fd/${reference.fd}`;
    if (!isBelow(await readlink(link), inside)) return { why: 'outside-root' };
    if (!(await reference.stat()).isFile()) return { why: 'not-a-file' };
    return opened(await open(link, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    return { why: reasonOf(error) };
  } finally {
    await reference?.close();
  }
}

async function opened(handle: FileHandle): Promise<OpenedFile> {
  const stats = await handle.stat();
  return { handle, size: stats.size, modified: stats.mtime, version: versionOf(stats) };
}

/**
 * The version of what is at a path now; undefined when that cannot be told. It says nothing about whether it may be read: it is for
 * who has opened that path before, and wants to know whether it is the same file still.
 */
export async function versionAt(root: string, path: string): Promise<string | undefined> {
  try {
    return versionOf(await stat(`${root}/${path}`));
  } catch {
    return undefined;
  }
}

/** Two files of the same version hold the same bytes. */
function versionOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}

function leaves(path: string): boolean {
  return path.startsWith('/') || /[\\\0]/.test(path) || path.split('/').includes('..');
}

/** The root itself is: a folder like any other, and no file. */
function isBelow(real: string, root: string): boolean {
  return real === root || real.startsWith(root === '/' ? root : `${root}/`);
}

const absent = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'];

/** Anything else (EACCES, EIO, EMFILE) is there but cannot be read. */
function reasonOf(error: unknown): Reason {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && absent.includes(code) ? 'not-found' : 'file-unreadable';
}
