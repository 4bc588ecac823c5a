import type { Reason } from '#shared/boot/reasons.ts';
import { parseRange, type Range } from '../wire/range.ts';

/** What a request is answered with, before a byte of the ISO is fetched. */
export type IsoAnswer =
  | { readonly status: 200 | 206; readonly range: Range }
  | { readonly status: 304 }
  | { readonly why: Reason };

/** The fields that count, as they came. */
export interface Conditions {
  readonly range?: string | undefined;
  readonly 'if-range'?: string | undefined;
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/** The patched ISO of one machine. */
export interface Iso {
  readonly size: number;
  /** With its quotes; undefined when the upstream has no validator. */
  readonly etag: string | undefined;
  /** Whether the upstream serves ranges. */
  readonly ranges: boolean;
}

/**
 * Conditions in the order of RFC 9110 §13.2.2. Those with dates do not count: a patched ISO has no Last-Modified, for it changes
 * with the record, too. An If-Range that cannot be shown to match means the whole file (§13.1.5).
 */
export function decideIso(method: string, fields: Conditions, { size, etag, ranges }: Iso): IsoAnswer {
  const { range, 'if-range': ifRange, 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = fields;
  if (ifMatch !== undefined && !matches(ifMatch, etag, strong)) return { why: 'precondition-failed' };
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag, weak)) return { status: 304 };

  const whole = { status: 200, range: { start: 0, end: size } } as const;
  if (method !== 'GET' || range === undefined) return whole;
  if (ifRange !== undefined && !strong(ifRange.trim(), etag)) return whole;
  const wanted = parseRange(range, size);
  if (wanted === undefined) return whole;
  if (wanted === 'unsatisfiable') return { why: 'range-not-satisfiable' };
  return ranges ? { status: 206, range: wanted } : { why: 'upstream-no-ranges' };
}

type Same = (one: string, other: string | undefined) => boolean;

/** RFC 9110 §8.8.3.2 */
const strong: Same = (one, other) => one === other && !one.startsWith('W/');
const weak: Same = (one, other) => other !== undefined && bare(one) === bare(other);

const bare = (etag: string) => etag.replace(/^W\//, '');

/** `*`, which any existing file matches, or a list of entity tags. */
function matches(list: string, etag: string | undefined, same: Same): boolean {
  if (list.trim() === '*') return true;
  return [...list.matchAll(/(?:W\/)?"[^"]*"/g)].some(([one]) => same(one, etag));
}
