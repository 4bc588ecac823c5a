import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type Reason, reasons } from '#shared/boot/reasons.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { Mac } from '#shared/mac.ts';
import { statusOf } from '../decide/status.ts';
import { plainText } from '../wire/media-type.ts';
import type { Authority } from '../wire/request.ts';

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

/** What was asked for: the closed set of the metrics' label. */
export type Said = 'script' | 'loader' | 'artifact' | 'other';

export interface Answer {
  readonly said: Said;
  readonly why: Reason;
  readonly status: number;
  /** Content-Length is always among them or follows from the body: nothing is sent in chunks. */
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | Uint8Array | Readable;
  /** The machine that it is about, as far as it is known. */
  readonly mac?: Mac | undefined;
  /** For the log, beside the reason: a field's name, a script's kind. Never a value. */
  readonly detail?: string | undefined;
}

/** Seconds that a client is asked to wait for what will come back by itself. */
const retryAfter = 5;

/** A *no*, with its reason in the body for people: firmware shows the status at most. */
export function refusal(
  said: Said,
  why: Reason,
  about: { mac?: Mac | undefined; detail?: string | undefined; headers?: Record<string, string> } = {},
): Answer {
  const status = statusOf(why);
  const { means, action } = reasons[why];
  const detail = about.detail === undefined ? '' : ` (${about.detail})`;
  return {
    said,
    why,
    status,
    headers: {
      'content-type': plainText,
      'cache-control': 'no-store',
      'x-smee-reason': why,
      ...(status === 503 ? { 'retry-after': retryAfter } : {}),
      ...about.headers,
    },
    body: `${why}: ${means}${detail}\n${action}\n`,
    mac: about.mac,
    detail: about.detail,
  };
}
