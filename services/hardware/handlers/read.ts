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
  const records = store.list(page.after, page.size + 1);
  let bytes = 0;
  let count = 0;
  for (const record of records.slice(0, page.size)) {
    if (count > 0 && bytes + record.bytes.length > pageBytes) break;
    bytes += record.bytes.length;
    count++;
  }
  const shown = records.slice(0, count);
  const next = count < records.length ? pageToken(shown.at(-1)?.name ?? '') : '';
  return listResponse(
    shown.map((record) => record.bytes),
    next,
    store.revision,
  );
}
