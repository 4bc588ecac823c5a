import type { GetBootRequest__Output } from '#shared/generated/smee/boot/v1/GetBootRequest.ts';
import type { ListBootsRequest__Output } from '#shared/generated/smee/boot/v1/ListBootsRequest.ts';
import type { BootRow } from '../../boots/boot-rows.ts';
import { macsOf } from '../../boots/find.ts';
import { summaryOf } from '../../boots/listing.ts';
import { silence } from '../../decide/boots/patience.ts';
import { placeToken, readQuery } from '../../decide/boots/query.ts';
import { absentBoot, invalid } from '../../decide/refusals.ts';
import type { Answer, Handling } from '../../handling.ts';
import { getBootResponse, listBootsResponse } from '../../wire/boot-answers.ts';

/** Events of a boot that are shown, the newest; and other boots of the same machine. */
const shownEvents = 1000;
const shownOthers = 20;

/** How far back it is told, with all boots, that events were lost. */
const recently = 3_600_000;

export function listBoots({ keeper, listing, gaps }: Handling, request: ListBootsRequest__Output): Answer {
  const query = readQuery(request);
  if (!('size' in query)) return invalid(query);
  const found = listing.page(query);
  const page = found.slice(0, query.size);
  const last = page.at(-1);
  const next = found.length > page.length && last !== undefined ? placeToken(last) : '';
  return listBootsResponse(
    page.map(({ body }) => body),
    next,
    summaryOf(keeper.boots, keeper.lastEvent),
    gaps.during(Date.now() - recently, Number.MAX_SAFE_INTEGER),
  );
}

export function getBoot(handling: Handling, request: GetBootRequest__Output): Answer {
  const { keeper, gaps } = handling;
  const { id = 0, machine = '' } = request;
  if (id === 0 && machine === '')
    return invalid([{ field: 'key', description: 'is required: id or machine' }]);
  const row = machine === '' ? keeper.boots.byId(id) : lastOf(handling, machine);
  if (row === undefined) return absentBoot(machine === '' ? `id ${id}` : JSON.stringify(machine));
  const others = keeper.boots.ofMachine(row.mac, shownOthers + 1).filter((other) => other.id !== row.id);
  return getBootResponse(
    row.body,
    keeper.events.ofBoot(row.id, shownEvents),
    others.slice(0, shownOthers).map(({ body }) => body),
    gaps.during(row.start, endOf(row, others)),
  );
}

/** Until when something may have happened in a boot that is not known; one that has phoned home lacks nothing after that. */
function endOf({ state, start, last }: BootRow, others: readonly BootRow[]): number {
  if (state === 'BOOTED') return last;
  const next = others.map((other) => other.start).filter((other) => other > start);
  return Math.min(last + silence, ...next);
}

/** The last boot of a machine, by whichever of its interfaces. */
function lastOf({ keeper, store }: Handling, machine: string): BootRow | undefined {
  const boots = macsOf(machine, store, keeper.boots).flatMap((mac) => keeper.boots.ofMachine(mac, 1));
  return boots.toSorted((a, b) => b.start - a.start)[0];
}
