import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Ip4 } from '#shared/ip4.ts';
import { type Authority, clientAddress, parseAuthority, parseTarget } from '../wire/request.ts';

/** A request as the handlers see it. */
export interface Asked {
  readonly message: IncomingMessage;
  /** Decoded, slashes collapsed, starting with one. */
  readonly path: string;
  /** Who asks, through trusted proxies; undefined when that is no IPv4 address. */
  readonly client: Ip4 | undefined;
  /** How the client reached us; undefined when its Host is none. */
  readonly here: Authority | undefined;
}

/** Undefined when the target cannot be decoded. */
export function readAsked({ raw: message, ip }: FastifyRequest): Asked | undefined {
  const target = parseTarget(message.url ?? '');
  if (target === undefined) return undefined;
  const { host = [] } = message.headersDistinct;
  const here = authorityOf(target.host === undefined ? host : [target.host], message);
  return { message, path: target.path, client: clientAddress(ip), here };
}

/** Without a Host (HTTP/1.0, some firmware): the address that the connection was made to. Two of them are none. */
function authorityOf([host, second]: readonly string[], { socket }: IncomingMessage): Authority | undefined {
  if (second !== undefined) return undefined;
  return parseAuthority(host || `${socket.localAddress}:${socket.localPort}`);
}
