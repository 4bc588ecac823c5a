import { parseIp4 } from '../ip4.ts';

/** A host as URLs name it, with its port where that is not the usual one: the Host of a request. */
export interface Authority {
  /** IPv4 address, host name, or IPv6 address in brackets: as it stands in a URL. */
  readonly host: string;
  /** `host` or `host:port`. */
  readonly text: string;
}

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const authority = new RegExp(
  `^(\\[[0-9a-f:.]{2,45}\\]|${label}(?:\\.${label}){0,126})\\.?(?::(\\d{0,5}))?$`,
  'i',
);

/**
 * A Host field (RFC 9110 §7.2), strict: it goes into URLs and onto lines of scripts, so nothing but an address or a host name
 * passes. Underscores do, because container names have them. Undefined for everything else.
 */
export function parseAuthority(text: string): Authority | undefined {
  const [, host, port = ''] = authority.exec(text) ?? [];
  if (host === undefined || host.length > 253 || Number(port) > 65_535) return undefined;
  if (/^[\d.]+$/.test(host) && parseIp4(host) === undefined) return undefined;
  return { host, text: port === '' ? host : `${host}:${Number(port)}` };
}

/** Where our HTTP service is for a machine that gets a script. */
export interface Site extends Authority {
  readonly scheme: 'http' | 'https';
}
