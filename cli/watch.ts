import { once } from 'node:events';
import type { Command } from 'commander';
import { duration } from '#shared/config.ts';
import type { BootClient } from '#shared/events/client.ts';
import type { BootEvent__Output as BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { WatchEventsResponse__Output as Batch } from '#shared/generated/smee/boot/v1/WatchEventsResponse.ts';
import { addBootOptions, type BootOptions, withBoots } from './boots/command.ts';
import { bootLine, eventLine, safe } from './boots/lines.ts';
import { timeOfDay } from './boots/times.ts';
import { exitCodeHelp } from './exit.ts';
import { option } from './options.ts';
import { jsonLine, painter } from './terminal.ts';
import { Changes } from './watch/changes.ts';
import { follow } from './watch/follow.ts';

interface WatchOptions extends BootOptions {
  /** Milliseconds. */
  readonly since?: number;
}

/** `smee watch` */
export function addWatch(program: Command): void {
  addBootOptions(program.command('watch [machine]'))
    .description(
      'shows machines boot, event by event as it happens, until Ctrl-C; machine: a MAC, a name, an address',
    )
    .addOption(option('--since <duration>', 'first what happened since then: 10m', duration))
    .addHelpText('after', exitCodeHelp)
    .action((machine: string | undefined, options: WatchOptions) =>
      withBoots(options, (client) => watch(client, machine ?? '', options)),
    );
}

async function watch(client: BootClient, machine: string, { json, since }: WatchOptions): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const { stdout, stderr } = process;
  const changes = new Changes();
  const write = json ? jsonLines : textLines;
  await follow(client, {
    machine,
    since: since === undefined ? undefined : Date.now() - since,
    signal: stop.signal,
    async take(batch) {
      stdout.write(write({ ...batch, boots: batch.boots.filter((boot) => changes.isNew(boot)) }));
      // Whoever reads slowly slows the stream, and not our memory.
      if (stdout.writableNeedDrain)
        await once(stdout, 'drain', { signal: stop.signal }).catch(() => undefined);
    },
    began: () => stderr.write(`watching ${machine === '' ? 'all machines' : safe(machine)}; Ctrl-C ends\n`),
    lost: (error) => stderr.write(`${error.message}; trying again\n`),
  });
}

function jsonLines({ events, boots }: Batch): string {
  return [...events.map((event) => ({ event })), ...boots.map((boot) => ({ boot }))].map(jsonLine).join('');
}

function textLines({ events, boots }: Batch): string {
  const { stdout } = process;
  const page = { paint: painter(stdout), width: stdout.isTTY ? stdout.columns : undefined };
  const lines = [
    ...events.toSorted(byTime).map((event) => eventLine(event, page, timeOfDay)),
    ...boots.map((boot) => bootLine(boot, page, timeOfDay)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What several services tell at once comes in the order in which they tell it. */
function byTime({ timeUnixMilli: a = 0 }: BootEvent, { timeUnixMilli: b = 0 }: BootEvent): number {
  return a - b;
}
