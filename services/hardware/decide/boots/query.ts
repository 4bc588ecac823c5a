import type { ListBootsRequest__Output } from '#shared/generated/smee/boot/v1/ListBootsRequest.ts';
import { parseMac } from '#shared/mac.ts';
import type { Violation } from '../../wire/status.ts';
import type { State } from './judge.ts';

const defaultSize = 100;
const maxSize = 1000;
const longestSearch = 253;

/** A place in the order of a list: by the time that a boot was heard of last, then by id. */
export interface Place {
  readonly last: number;
  readonly id: number;
}

/** Which boots are asked for. */
export interface Query {
  readonly size: number;
  /** Where the page before ended; undefined: from the first. */
  readonly after: Place | undefined;
  /** Empty: whichever. */
  readonly states: readonly State[];
  /** In lower case; empty: all. */
  readonly search: string;
  readonly latest: boolean;
  readonly strangers: boolean;
  readonly unknown: Unknown;
}

/** Machines that failed for nothing but that they have no record. */
type Unknown = (typeof unknowns)[number];
const unknowns = ['INCLUDED', 'ONLY', 'LEFT_OUT'] as const;

const states: readonly State[] = ['BOOTING', 'BOOTED', 'FAILED', 'HANDED_OVER'];

/** What a ListBoots asks for, or everything that is wrong with it. */
export function readQuery(request: ListBootsRequest__Output): Query | readonly Violation[] {
  const { pageSize = 0, pageToken = '', search = '', latest = false, strangers = false } = request;
  const unknown = unknowns.find((one) => one === (request.unknown ?? 'INCLUDED'));
  const wanted = states.filter((state) => request.states.includes(state));
  const after = placeOf(pageToken);
  const violations = [
    ...(pageSize <= maxSize ? [] : [{ field: 'page_size', description: `must be at most ${maxSize}` }]),
    ...(after !== undefined
      ? []
      : [{ field: 'page_token', description: 'must be the next_page_token of the page before' }]),
    ...(request.states.every((state) => wanted.some((one) => one === state))
      ? []
      : [{ field: 'states', description: `must be of ${states.join(', ')}` }]),
    ...(unknown !== undefined
      ? []
      : [{ field: 'unknown', description: `must be of ${unknowns.join(', ')}` }]),
    ...(search.length <= longestSearch
      ? []
      : [{ field: 'search', description: `must be at most ${longestSearch} characters` }]),
  ];
  if (violations.length > 0 || unknown === undefined) return violations;
  return {
    size: pageSize === 0 ? defaultSize : pageSize,
    after: after === 'first' ? undefined : after,
    states: wanted,
    // A whole MAC is found in whichever form it is written.
    search: parseMac(search) ?? search.toLowerCase(),
    latest,
    strangers,
    unknown,
  };
}

/** Stays valid whatever is heard in between; a boot that is heard of moves to the front. */
export function placeToken({ last, id }: Place): string {
  return `${last.toString(36)}-${id.toString(36)}`;
}

function placeOf(token: string): Place | 'first' | undefined {
  if (token === '') return 'first';
  const [, last = '', id = ''] = /^([0-9a-z]{1,10})-([0-9a-z]{1,10})$/.exec(token) ?? [];
  return last === '' ? undefined : { last: Number.parseInt(last, 36), id: Number.parseInt(id, 36) };
}
