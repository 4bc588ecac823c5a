import { parseAssetPath } from '#shared/assets/route.ts';
import { type Ip4, parseIp4 } from '#shared/ip4.ts';
import { parseTraceparent, type TraceContext } from '#shared/trace/context.ts';

export interface Target {
  /** Percent-decoded, doubled slashes collapsed as UEFI firmware sends them, no query: no route looks at it. */
  readonly path: string;
  /** Only of the absolute form; it then stands in place of the Host field. */
  readonly host: string | undefined;
}

/** A request target in origin or absolute form (RFC 9112 §3.2). Undefined when its escapes are no UTF-8. */
export function parseTarget(target: string): Target | undefined {
  const [absolute = '', host] = /^https?:\/\/([^/?#]*)/i.exec(target) ?? [];
  const [path = ''] = target.slice(absolute.length).split(/[?#]/, 1);
  try {
    return { path: `/${decodeURIComponent(path)}`.replace(/\/{2,}/g, '/'), host };
  } catch {
    return undefined;
  }
}

/**
 * The span that a request belongs to: DHCP puts it into the query of a script's URL and behind a loader's name; anybody else
 * may send it in a header of its own (W3C Trace Context §3.2).
 */
export function parentOf(target: string, header: string | undefined): TraceContext | undefined {
  // Nearly nobody names one.
  if (header === undefined && !/00-[0-9a-f]{32}-/.test(target)) return undefined;
  const [path = '', query = ''] = target.split('?', 2);
  const [, named] = /(?:^|&)traceparent=([^&#]*)/.exec(query) ?? [];
  const texts = [named, parseAssetPath(path).traceparent, header];
  return texts.map((text) => parseTraceparent(text ?? '')).find((parent) => parent !== undefined);
}

/** An IPv4 address as a socket or a proxy writes it, plain or mapped into IPv6 (`::ffff:10.0.0.7`, RFC 4291 §2.5.5.2). */
export function clientAddress(text: string): Ip4 | undefined {
  const [, mapped] = /^::ffff:(.+)$/i.exec(text) ?? [];
  if (mapped === undefined) return parseIp4(text);
  const [, high, low] = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(mapped) ?? [];
  if (high === undefined || low === undefined) return parseIp4(mapped);
  return Number.parseInt(high, 16) * 0x1_0000 + Number.parseInt(low, 16);
}
