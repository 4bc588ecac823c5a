import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MalformedError, messageOf, SmeeError } from '../errors.ts';
import type { Position } from './client.ts';
import type { MachineRecord } from './machine-index.ts';

/**
 * The last known records on disk, for a start while the hardware service is down. One JSON value a line: a header, the
 * records, and the SHA-256 of all lines before it. The file holds what records hold (scripts, tokens in them): mode 0600.
 */
export interface Snapshot extends Position {
  /** When the records were last known to be current, in milliseconds since 1970. */
  readonly currentAt: number;
  readonly records: readonly MachineRecord[];
}

/** Rises with every change of what a line looks like, and so with every change of `Machine`. */
export const snapshotVersion = 2;

const format = 'smee-replica';

/** Records that are made into text before other work gets its turn; a few milliseconds. */
const slice = 200;

/**
 * Bytes after which what was written goes to the disk. All at once, in the end, it would hold up whoever else waits for that disk:
 * where the hardware service stands on it, every change of a record.
 */
const syncEvery = 1024 * 1024;

/** Lets other work have its turn, after so many milliseconds of writing. */
export type Turn = (worked: number) => Promise<unknown>;

/**
 * Writes beside the old file and renames over it, so that a crash or a full disk leaves the old one. Takes turns with other
 * work. @throws {SmeeError} `snapshot-unwritable`
 */
export async function writeSnapshot(
  path: string,
  snapshot: Snapshot,
  turn: Turn = () => nextTurn(),
): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Left behind by a crash; 'wx' below follows no link that somebody put there instead.
    await rm(temporary, { force: true });
    {
      await using file = await open(temporary, 'wx', 0o600);
      await writeLines(file, snapshot, turn);
      await file.sync();
    }
    await rename(temporary, path);
    await using folder = await open(dirname(path), 'r');
    await folder.sync();
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new SmeeError('snapshot-unwritable', `cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}

async function writeLines(file: FileHandle, { records, ...position }: Snapshot, turn: Turn): Promise<void> {
  const hash = createHash('sha256');
  const write = async (text: string) => {
    const bytes = Buffer.from(text);
    hash.update(bytes);
    // Not `write`, which may take only a part.
    await file.appendFile(bytes);
    return bytes.length;
  };
  const header = { format, version: snapshotVersion, ...position, count: records.length };
  await write(`${JSON.stringify(header)}\n`);
  let unsynced = 0;
  for (let at = 0; at < records.length; at += slice) {
    const begun = performance.now();
    let text = '';
    for (const record of records.slice(at, at + slice)) text += `${toLine(record)}\n`;
    unsynced += await write(text);
    const worked = performance.now() - begun;
    if (unsynced >= syncEvery) {
      await file.datasync();
      unsynced = 0;
    }
    await turn(worked);
  }
  await file.appendFile(`${JSON.stringify({ sha256: hash.digest('hex') })}\n`);
}

/** One line: the reader takes U+2028 and U+2029, which JSON lets stand inside a string, for ends of lines. */
function toLine(record: MachineRecord): string {
  return JSON.stringify(record).replace(/[\u2028\u2029]/g, (end) =>
    end === '\u2028' ? '\\u2028' : '\\u2029',
  );
}

/**
 * undefined when there is none.
 * @throws {MalformedError} cut off, changed, or of another version
 * @throws {SmeeError} `snapshot-unreadable`
 */
export async function readSnapshot(path: string): Promise<Snapshot | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    return await readLines(file);
  } catch (error) {
    if (error instanceof MalformedError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new SmeeError('snapshot-unreadable', `cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

async function readLines(file: FileHandle): Promise<Snapshot> {
  const hash = createHash('sha256');
  const records: MachineRecord[] = [];
  let header: Header | undefined;
  let sum: string | undefined;
  let offset = 0;
  for await (const line of file.readLines()) {
    if (sum !== undefined) throw new MalformedError('sha256', offset, 'is not the last line');
    const value = parseLine(line, offset);
    if (header === undefined) header = toHeader(value);
    else if (isSum(value)) sum = value.sha256;
    else records.push(value as MachineRecord);
    // Only now is the line known not to be the sum itself.
    if (sum === undefined) hash.update(line).update('\n');
    offset += Buffer.byteLength(line) + 1;
  }
  if (header === undefined) throw new MalformedError('header', 0, 'is missing');
  if (sum === undefined || header.count !== records.length) {
    throw new MalformedError('sha256', offset, 'is missing: the file is cut off');
  }
  // Whatever passes this was written by writeSnapshot, in this version: the records need no closer look.
  if (sum !== hash.digest('hex'))
    throw new MalformedError('sha256', offset, 'does not match: the file was changed');
  return { storeId: header.storeId, revision: header.revision, currentAt: header.currentAt, records };
}

function parseLine(line: string, offset: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The parser's message quotes the line, which may hold secrets.
    throw new MalformedError('line', offset, 'is not JSON');
  }
}

interface Header extends Position {
  readonly currentAt: number;
  readonly count: number;
}

function toHeader(value: unknown): Header {
  const {
    format: name,
    version,
    storeId,
    revision,
    currentAt,
    count,
  } = { ...(value as Record<string, unknown>) };
  if (name !== format) throw new MalformedError('format', 0, `is not ${format}`);
  if (version !== snapshotVersion) {
    throw new MalformedError(
      'version',
      0,
      `is ${Number(version)}, and this release reads ${snapshotVersion}`,
    );
  }
  if (
    typeof storeId !== 'string' ||
    typeof revision !== 'number' ||
    typeof currentAt !== 'number' ||
    typeof count !== 'number'
  ) {
    throw new MalformedError('header', 0, 'lacks a field');
  }
  return { storeId, revision, currentAt, count };
}

function isSum(value: unknown): value is { readonly sha256: string } {
  return typeof value === 'object' && value !== null && 'sha256' in value && typeof value.sha256 === 'string';
}
