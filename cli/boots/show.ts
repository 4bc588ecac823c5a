import type { BootClient } from '#shared/events/client.ts';
import type { Boot__Output as Boot } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { GetBootResponse__Output as BootWithEvents } from '#shared/generated/smee/boot/v1/GetBootResponse.ts';
import type { StageSpan__Output as StageSpan } from '#shared/generated/smee/boot/v1/StageSpan.ts';
import { CommandError } from '../exit.ts';
import { jsonLine, padTo, painter, wrap } from '../terminal.ts';
import { about, advice, eventLine, lost, lower, type Page, safe, stateOf } from './lines.ts';
import { dateAndTime, duration } from './times.ts';

/** A machine's last boot: how it stands and why, what each stage took, and every event. */
export async function showBoot(client: BootClient, machine: string, json: boolean): Promise<void> {
  const found = await client.get({ machine });
  if (found?.boot === undefined) {
    throw new CommandError(
      'notFound',
      `nothing has been heard of ${safe(machine)}: its packets do not come in (docs/troubleshooting.md)\nsmee explain says whether it would boot`,
    );
  }
  const { stdout } = process;
  const page = {
    paint: painter(stdout),
    width: stdout.isTTY ? stdout.columns : undefined,
    oneMachine: true,
  } as const;
  stdout.write(json ? jsonLine(found) : story(found.boot, found, page));
}

/** The answer comes first. */
function story(boot: Boot, { events, others, gaps }: BootWithEvents, page: Page): string {
  const { startedUnixMilli: began = 0, lastUnixMilli: last = 0 } = boot;
  const when = `began ${dateAndTime(began)}, last heard of after ${duration(last - began)}`;
  const shown = events.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const more = shown < (boot.events ?? 0) ? [`the newest ${shown} of ${boot.events} events:`] : [];
  return [
    ...headline(boot, page),
    page.paint('dim', [boot.arch, boot.client, when].filter(Boolean).map(safe).join(', ')),
    '',
    ...boot.stages.map((span) => stageLine(span, boot, page)),
    '',
    ...more,
    ...gaps.map((gap) => page.paint('yellow', `something is missing: ${lost(gap)}`)),
    ...events.map((event) =>
      eventLine(event, page, (at) => padTo(10, `+${duration(Math.max(0, at - began))}`)),
    ),
    ...(others.length === 0 ? [] : ['', `earlier: ${others.map((other) => stateOf(other).word).join(', ')}`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function headline(boot: Boot, { paint, width = 120 }: Page): readonly string[] {
  const { machine } = boot;
  const who = [machine?.name, machine?.mac, machine?.address].filter(Boolean).map(safe);
  const { mark, word } = stateOf(boot);
  return [
    paint('bold', who.join('  ')),
    paint(mark[1], `${mark[0]} ${word} ${about(boot)}`.trimEnd()),
    ...advice(boot).flatMap((sentence) => wrap(sentence, width - 2).map((line) => `  ${line}`)),
  ];
}

/** A silence is no answer: the stage that it follows is the one that went wrong. */
function stageLine(
  { stage, ok, startedUnixMilli = 0, lastUnixMilli = 0 }: StageSpan,
  boot: Boot,
  { paint }: Page,
): string {
  const good = ok === true && !(boot.state === 'FAILED' && boot.stage === stage);
  const mark = good ? paint('green', '✓') : paint('red', '✗');
  return `  ${mark} ${padTo(7, lower(stage))} ${duration(lastUnixMilli - startedUnixMilli).padStart(10)}`;
}
