import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { send } from '@fastify/send';
import { openBelow } from '#shared/assets/open.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import { mediaTypeOf } from '../wire/media-type.ts';
import { type Answer, refusal, type Said } from './answer.ts';

/**
 * A file below a folder, with Range and conditional requests (RFC 9110 §13, §14).
 *
 * Two parts, each doing what it is good at. `openBelow` decides which file that is: it cannot be led out of the folder, not
 * even by a link that is swapped between the check and the open. `@fastify/send` knows HTTP, but takes a path; so it is
 * given the open file's own, `/proc/self/fd/<n>`, which names that very file whatever happens to the folder meanwhile. The
 * handle stays open until the answer's stream has opened it for itself.
 */
export async function answerFile(
  said: Said,
  message: IncomingMessage,
  folder: string,
  path: string,
): Promise<Answer> {
  const file = await openBelow(folder, path);
  if ('why' in file) return refusal(said, file.why);
  await using handle = file.handle;

  const { statusCode, headers, stream, type } = await send(message, `/proc/self/fd/${handle.fd}`, {
    // The media type comes from the name, which send cannot see; clients ask again (with the ETag) before they trust a copy.
    contentType: false,
    index: false,
    maxAge: 0,
  });
  if (type !== 'file') {
    stream.destroy();
    return refusal(said, reasonOf(statusCode), { headers: contentRangeOf(headers) });
  }
  const empty = message.method === 'HEAD' || statusCode === 304;
  if (empty) stream.destroy();
  else await opened(stream);
  return {
    said,
    why: 'ok',
    status: statusCode,
    headers: { ...headers, ...(statusCode === 304 ? {} : { 'content-type': mediaTypeOf(path) }) },
    body: empty ? '' : stream,
    // Kernels and initrds lie there.
    file: empty || said !== 'artifact' ? undefined : { path, version: file.version },
  };
}

/** Resolves when the stream has its own descriptor; rejects when it gets none. */
function opened(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', reject);
  });
}

function reasonOf(status: number): Reason {
  if (status === 416) return 'range-not-satisfiable';
  return status === 412 ? 'precondition-failed' : 'file-unreadable';
}

/** `bytes * /<size>` tells a client with a 416 how long the file is (RFC 9110 §14.4). */
function contentRangeOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const range = headers['Content-Range'];
  return range === undefined ? {} : { 'content-range': range };
}
