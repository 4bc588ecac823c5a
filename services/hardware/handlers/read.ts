import type { GetHardwareRequest__Output } from '#shared/generated/smee/hardware/v1/GetHardwareRequest.ts';
import type { ListHardwareRequest__Output } from '#shared/generated/smee/hardware/v1/ListHardwareRequest.ts';
import { matchKey } from '../decide/match.ts';
import { checkPage, pageToken } from '../decide/page.ts';
import { absent, ambiguous, invalid } from '../decide/refusals.ts';
import type { Answer, Handling } from '../handling.ts';
import { listResponse } from '../wire/answers.ts';

/** The bytes of records after which a page ends early: a client accepts messages of 4 MiB. */
const pageBytes = 1024 * 1024;

export function getHardware({ store }: Handling, request: GetHardwareRequest__Output): Answer {
  const matched = matchKey(request);
  if ('violation' in matched) return invalid([matched.violation]);
  const { field, value } = matched.key;
  const found = store.find(matched.key);
  const what = `${field} ${JSON.stringify(value)}`;
  if (found.length > 1)
    return ambiguous(
      what,
      found.map(({ name }) => name),
    );
  return found[0]?.bytes ?? absent(what);
}

export function listHardware({ store }: Handling, request: ListHardwareRequest__Output): Answer {
  const page = checkPage(request);
  if ('violations' in page) return invalid(page.violations);
  const shown: Uint8Array[] = [];
  let bytes = 0;
  let last = '';
  let next = '';
  for (const record of store.list(page.after)) {
    bytes += record.bytes.length;
    if (shown.length === page.size || (shown.length > 0 && bytes > pageBytes)) {
      next = pageToken(last);
      break;
    }
    shown.push(record.bytes);
    last = record.name;
  }
  return listResponse(shown, next, store.revision);
}
