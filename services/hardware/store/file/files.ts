import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '#shared/errors.ts';

/** Bytes of one file. */
const largest = 50 * 1024 * 1024;

/**
 * The files of the store: the one at the path, or those of the folder there (.yaml, .yml, .json) in the order of their names.
 * Hidden files are none: editors and ConfigMaps keep their own things in them.
 * @throws when there is nothing at the path
 */
export function listFiles(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /^[^.].*\.(ya?ml|json)$/i.test(name));
  return names.sort().map((name) => join(path, name));
}

/** Changes whenever a file is written, replaced, added or removed; reads none of them. */
export function fingerprint(path: string): string {
  return attempt(() =>
    listFiles(path)
      .map((file) => `${file} ${attempt(() => identityOf(statSync(file)))}`)
      .join('\n'),
  );
}

/** Folders in which a change of the files shows: their own, and those that symbolic links lead to. */
export function foldersOf(path: string): ReadonlySet<string> {
  const folders = new Set([dirname(path)]);
  try {
    if (statSync(path).isDirectory()) folders.add(path);
    for (const file of listFiles(path)) folders.add(dirname(realpathSync(file)));
  } catch {
    // What is not there now shows in the folder above when it comes.
  }
  return folders;
}

/** What a file holds, or why that cannot be said; `changing` when it was written while it was read. */
export type FileText = { readonly text: string } | { readonly wrong: string } | { readonly changing: true };

export function readText(file: string): FileText {
  let descriptor: number | undefined;
  try {
    // Does not wait for the writer of a FIFO.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const before = fstatSync(descriptor);
    if (!before.isFile()) return { wrong: 'is not a regular file' };
    if (before.size > largest) return { wrong: `is ${before.size} bytes; at most ${largest} are read` };
    const bytes = readFileSync(descriptor);
    if (identityOf(before) !== identityOf(fstatSync(descriptor))) return { changing: true };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    return { wrong: error instanceof TypeError ? 'is not UTF-8' : `cannot be read: ${messageOf(error)}` };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function identityOf({ dev, ino, size, mtimeMs, ctimeMs }: ReturnType<typeof fstatSync>): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
}

function attempt(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return messageOf(error);
  }
}
