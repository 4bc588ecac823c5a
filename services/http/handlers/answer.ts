import type { Readable } from 'node:stream';
import { type Reason, reasons } from '#shared/boot/reasons.ts';
import type { Mac } from '#shared/mac.ts';
import { statusOf } from '../decide/status.ts';
import type { FilePart, PartBytes } from '../file/part.ts';
import type { ServedFile } from '../whole/whole-files.ts';
import { retryAfter } from '../wire/bare-answer.ts';
import { plainText } from '../wire/media-type.ts';

/** What was asked for: the closed set of the metrics' label. */
export type Said = 'script' | 'loader' | 'asset' | 'artifact' | 'iso' | 'phone-home' | 'other';

export interface Answer {
  readonly said: Said;
  readonly why: Reason;
  readonly status: number;
  /** Content-Length is always among them or follows from the body: nothing is sent in chunks. */
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | Uint8Array | Readable | FilePart | PartBytes;
  /** The machine that it is about, as far as it is known. */
  readonly mac?: Mac | undefined;
  /** For the log, beside the reason: a field's name, a script's kind. Never a value. */
  readonly detail?: string | undefined;
  /** What is sent of it is looked at, once, whether it is whole. */
  readonly file?: ServedFile | undefined;
  /** One of thousands that belong together, and that one line told of: logged at level debug. */
  readonly routine?: boolean;
}

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
