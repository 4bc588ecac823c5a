import { writeFile } from 'node:fs/promises';
import type { Ip4 } from '#shared/ip4.ts';

/** What one machine asks over HTTP, and the body that is due to it. */
export interface Order {
  /** Undefined: whichever the system chooses. */
  readonly address?: Ip4;
  readonly path: string;
  readonly body: Uint8Array;
}

/** As iPXE asks. */
const requestOf = (path: string, host: string) =>
  `GET ${path} HTTP/1.1\r\nConnection: keep-alive\r\nUser-Agent: iPXE/1.21.1+\r\nHost: ${host}\r\n\r\n`;

/** Writes the file that bench/inside/http-load.c reads. @param host of the server, with its port */
export async function writeOrders(file: string, host: string, orders: readonly Order[]): Promise<void> {
  const pieces = orders.flatMap(({ address = 0, path, body }) => {
    const request = Buffer.from(requestOf(path, host));
    return [Buffer.from(Uint32Array.of(address, request.length, body.length).buffer), request, body];
  });
  await writeFile(file, Buffer.concat(pieces));
}
