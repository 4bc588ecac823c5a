import { fromHex, toBytes, toHex, toText } from '#shared/bytes.ts';
import type { Violation } from '../wire/status.ts';
import { objectName } from './rules.ts';

const defaultSize = 100;
const maxSize = 1000;

/** Which page of a list is asked for. */
export type Page =
  | { readonly size: number /** The last name of the page before. */; readonly after: string }
  | { readonly violations: readonly Violation[] };

export function checkPage(request: {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}): Page {
  const { pageSize = 0, pageToken: token = '' } = request;
  const after = nameOf(token);
  const violations = [
    ...(pageSize <= maxSize ? [] : [{ field: 'page_size', description: `must be at most ${maxSize}` }]),
    ...(after !== undefined
      ? []
      : [{ field: 'page_token', description: 'must be the next_page_token of the page before' }]),
  ];
  if (after === undefined || violations.length > 0) return { violations };
  return { size: pageSize === 0 ? defaultSize : pageSize, after };
}

/** A token says where to go on: it stays valid whatever is written or deleted in between. */
export function pageToken(name: string): string {
  return toHex(toBytes(name));
}

function nameOf(token: string): string | undefined {
  if (token === '') return '';
  const bytes = fromHex(token);
  const name = bytes === undefined ? '' : toText(bytes);
  return name !== '' && objectName(name) === undefined ? name : undefined;
}
