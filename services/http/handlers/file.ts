import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { send } from '@fastify/send';
import type { OpenedFile } from '#shared/assets/open.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import type { OpenFiles } from '../file/open-files.ts';
import { FilePart } from '../file/part.ts';
import type { SmallParts } from '../file/small-parts.ts';
import { mediaTypeOf } from '../wire/media-type.ts';
import { parseContentRange, type Range } from '../wire/range.ts';
import { type Answer, refusal, type Said } from './answer.ts';

/** How files are opened, and how they are read. */
export interface Files {
  readonly open: OpenFiles;
  readonly small: SmallParts;
}

/**
 * A file below a folder, with Range and conditional requests (RFC 9110 §13, §14).
 *
 * Two parts, each doing what it is good at. `openBelow` decides which file that is: it cannot be led out of the folder, not
 * even by a link that is swapped between the check and the open. `@fastify/send` knows HTTP, but takes a path; so it is
 * given the open file's own, `/proc/self/fd/<n>`, which names that very file whatever happens to the folder meanwhile. It is asked as
 * if for the head alone: the body is read from the same open file, here what is small, and the rest by `deliver`.
 */
export async function answerFile(
  said: Said,
  message: Pick<IncomingMessage, 'method' | 'headers'>,
  folder: string,
  path: string,
  files: Files,
): Promise<Answer> {
  const taken = await files.open.take(folder, path);
  if ('why' in taken) return refusal(said, taken.why);
  const { file, release } = taken;
  let isSent = false;
  try {
    const { status, headers, range } = await headOf(file, message.headers);
    if (range === undefined && status !== 304) {
      return refusal(said, reasonOf(status), { headers: contentRangeOf(headers) });
    }
    const asked = message.method === 'HEAD' ? undefined : range;
    const part = asked && asked.start < asked.end ? new FilePart(file.handle, asked, release) : undefined;
    isSent = part !== undefined;
    const body = part === undefined ? '' : await files.small.read(part);
    if (typeof body === 'object' && 'why' in body) return refusal(said, body.why);
    return {
      said,
      why: 'ok',
      status,
      headers: { ...headers, ...(status === 304 ? {} : { 'content-type': mediaTypeOf(path) }) },
      body,
      // Kernels and initrds lie there.
      file: asked === undefined || said !== 'artifact' ? undefined : { path, version: file.version },
    };
  } finally {
    if (!isSent) release();
  }
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What the body holds, of the file; undefined when that is nothing of it. */
  readonly range: Range | undefined;
}

/** What is said of a file to who asks for all of it, whatever there is: the same to everybody. */
const heads = new WeakMap<OpenedFile, Promise<Head>>();

function headOf(file: OpenedFile, fields: IncomingHttpHeaders): Promise<Head> {
  if (hasConditions(fields)) return askForHead(file, fields);
  const known = heads.get(file) ?? askForHead(file, {});
  heads.set(file, known);
  return known;
}

/** Whether anything but the file itself may count. */
function hasConditions(fields: IncomingHttpHeaders): boolean {
  return Object.keys(fields).some((name) => name === 'range' || name.startsWith('if-'));
}

async function askForHead({ handle }: OpenedFile, fields: IncomingHttpHeaders): Promise<Head> {
  const asked = { method: 'HEAD', headers: fields } as IncomingMessage;
  const { statusCode, headers, type } = await send(asked, `/proc/self/fd/${handle.fd}`, {
    // The media type comes from the name, which send cannot see; clients ask again (with the ETag) before they trust a copy.
    contentType: false,
    index: false,
    maxAge: 0,
  });
  const isPart = type === 'file' && statusCode !== 304;
  const named = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { status: statusCode, headers: named, range: isPart ? rangeOf(named) : undefined };
}

/** What send would have read. @param headers by their names in lower case, as in all answers */
function rangeOf(headers: Readonly<Record<string, string>>): Range {
  const part = parseContentRange(headers['content-range'] ?? '');
  return part ?? { start: 0, end: Number(headers['content-length']) };
}

function reasonOf(status: number): Reason {
  if (status === 416) return 'range-not-satisfiable';
  return status === 412 ? 'precondition-failed' : 'file-unreadable';
}

/** `bytes * /<size>` tells a client with a 416 how long the file is (RFC 9110 §14.4). */
function contentRangeOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const range = headers['content-range'];
  return range === undefined ? {} : { 'content-range': range };
}
