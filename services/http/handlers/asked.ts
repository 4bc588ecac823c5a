import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Machine, Machines } from '#shared/hardware/machine.ts';
import type { Ip4 } from '#shared/ip4.ts';
import { parseAuthority, type Site } from '#shared/script/authority.ts';
import { clientAddress, parseTarget } from '../wire/request.ts';

/** A request as the handlers see it. */
export interface Asked {
  readonly message: IncomingMessage;
  /** Decoded, slashes collapsed, starting with one. */
  readonly path: string;
  /** Who asks, through trusted proxies; undefined when that is no IPv4 address. */
  readonly client: Ip4 | undefined;
  /** How the client reached us; undefined when its Host is none. */
  readonly here: Site | undefined;
}

/** Undefined when the target cannot be decoded. */
export function readAsked({ raw: message, ip, protocol }: FastifyRequest): Asked | undefined {
  const target = parseTarget(message.url ?? '');
  if (target === undefined) return undefined;
  const { host = [] } = message.headersDistinct;
  // A trusted proxy says by which scheme it was asked, and may say anything.
  const scheme = protocol === 'https' ? 'https' : 'http';
  const [named, another] = target.host === undefined ? host : [target.host];
  // Two of them are none.
  const here = another === undefined ? siteOf(named, message.socket, scheme) : undefined;
  return { message, path: target.path, client: clientAddress(ip), here };
}

/** Without a Host (HTTP/1.0, some firmware): the address that the connection was made to. */
export function siteOf(
  host: string | undefined,
  socket: Pick<Socket, 'localAddress' | 'localPort'>,
  scheme: Site['scheme'],
): Site | undefined {
  // To ask a socket for its address is a system call.
  const authority = parseAuthority(host || `${socket.localAddress}:${socket.localPort}`);
  return authority && { ...authority, scheme };
}

/** For the log: the machine at the source address, when there is exactly one. */
export function machineAt(machines: Pick<Machines, 'byIp'>, client: Ip4 | undefined): Machine | undefined {
  const [machine, other] = client === undefined ? [] : machines.byIp(client);
  return other === undefined ? machine : undefined;
}
