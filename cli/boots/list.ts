import type { BootClient } from '#shared/events/client.ts';
import type { Boot__Output as Boot } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { ListBootsRequest } from '#shared/generated/smee/boot/v1/ListBootsRequest.ts';
import type { ListBootsResponse__Output as BootPage } from '#shared/generated/smee/boot/v1/ListBootsResponse.ts';
import { columns } from '../hardware/format.ts';
import { jsonLine } from '../terminal.ts';
import { lost, lower, safe, stateOf } from './lines.ts';
import { dateAndTime } from './times.ts';

type Which = 'all' | 'failed' | 'unknown';

const filters: Readonly<Record<Which, Pick<ListBootsRequest, 'states' | 'unknown'>>> = {
  all: {},
  failed: { states: ['FAILED'], unknown: 'LEFT_OUT' },
  unknown: { unknown: 'ONLY' },
};

const none: Readonly<Record<Which, string>> = {
  all: 'no machine has been heard of yet',
  failed: 'no machine failed to boot',
  unknown: 'no machine without a record has been refused',
};

/** Each machine's last boot, the one that was heard of last first. */
export async function listBoots(client: BootClient, which: Which, json = false): Promise<void> {
  const { boots, gaps } = await lastBoots(client, which);
  if (json) process.stdout.write(boots.map((boot) => jsonLine({ boot })).join(''));
  else if (boots.length > 0) process.stdout.write(columns([head, ...boots.map(row)]));
  if (boots.length === 0) {
    process.stderr.write(`${none[which]}\n`);
  }
  for (const gap of gaps) process.stderr.write(`something is missing: ${lost(gap)}\n`);
}

async function lastBoots(client: BootClient, which: Which): Promise<Pick<BootPage, 'boots' | 'gaps'>> {
  const boots: Boot[] = [];
  for (let pageToken = ''; ; ) {
    const page = await client.list({
      latest: true,
      pageSize: 1000,
      pageToken,
      ...filters[which],
    });
    boots.push(...page.boots);
    if (page.nextPageToken === undefined || page.nextPageToken === '') return { boots, gaps: page.gaps };
    pageToken = page.nextPageToken;
  }
}

const head = ['MACHINE', 'MAC', 'ADDRESS', 'STATE', 'AT', 'WHY', 'LAST HEARD OF'];

function row(boot: Boot): string[] {
  const { machine, stage, reason = '', detail = '', lastUnixMilli = 0 } = boot;
  return [
    safe(machine?.name),
    safe(machine?.mac),
    safe(machine?.address),
    stateOf(boot).word,
    lower(stage),
    safe(detail === '' ? reason : `${reason} (${detail})`),
    dateAndTime(lastUnixMilli),
  ];
}
