import { type FileHandle, open, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

export interface RunningUpstream extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** So many connections were made to it. */
  connections(): number;
  /** Every request that came, in order. */
  readonly requests: readonly IncomingMessage[];
}

/** A web server of the test's own, on loopback. */
export async function runUpstream(
  listener: RequestListener,
  host = '127.0.0.1',
  port = 0,
): Promise<RunningUpstream> {
  let connections = 0;
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * Serves a file that is mostly holes, with ranges and an ETag of its size and time. Of the whole it reads only the blocks that
 * hold one of these texts, and sends zeros for the others without asking the disk for them.
 */
export function serveSparse(path: string, places: readonly number[], length: number): RequestListener {
  return (request, response) => {
    void respond(request, response).catch(() => response.destroy());
  };
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await using file = await open(path);
    const { size, mtimeMs } = await file.stat();
    const etag = `"${size}-${mtimeMs}"`;
    const range = rangeOf(request, size);
    if (range !== undefined) {
      const bytes = Buffer.alloc(range.end - range.start);
      await file.read(bytes, 0, bytes.length, range.start);
      return send(response, 206, bytes, { etag, 'content-range': contentRange(range, size) });
    }
    response.writeHead(200, { 'content-length': size, etag });
    await pipeline(blocksOf(file, size), response);
  }

  async function* blocksOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
    const block = 2 ** 20;
    const zeros = Buffer.alloc(block);
    for (let at = 0; at < size; at += block) {
      const hole = places.every((place) => place + length <= at || place >= at + block);
      const bytes = hole ? zeros : (await file.read(Buffer.alloc(block), 0, block, at)).buffer;
      yield bytes.subarray(0, Math.min(block, size - at));
    }
  }
}

function rangeOf({ headers }: IncomingMessage, size: number): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  return first === undefined ? undefined : { start: Number(first), end: Math.min(Number(last) + 1, size) };
}

const contentRange = ({ start, end }: { start: number; end: number }, size: number) =>
  `bytes ${start}-${end - 1}/${size}`;

/** Serves bytes from memory, with ranges. */
export function serveBytes(
  bytes: Uint8Array,
  headers: Record<string, string> = { etag: '"1"' },
): RequestListener {
  return (request, response) => {
    const range = rangeOf(request, bytes.length);
    if (range === undefined) return send(response, 200, bytes, headers);
    const part = bytes.subarray(range.start, range.end);
    return send(response, 206, part, { ...headers, 'content-range': contentRange(range, bytes.length) });
  };
}

function send(
  response: ServerResponse,
  status: number,
  bytes: Uint8Array,
  headers: Record<string, string>,
): void {
  response.writeHead(status, { 'content-length': bytes.length, ...headers }).end(bytes);
}

/** A file of zeros that takes no room, with a text at each of these offsets. */
export async function sparseFile(
  path: string,
  size: number,
  text: string,
  places: readonly number[],
): Promise<void> {
  await writeFile(path, '');
  await truncate(path, size);
  await using file = await open(path, 'r+');
  for (const at of places) await file.write(text, at);
}
