import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { SmeeError } from '#shared/errors.ts';
import type { HardwareEvent__Output as HardwareEvent } from '#shared/generated/smee/hardware/v1/HardwareEvent.ts';
import type { WatchHardwareResponse__Output as Batch } from '#shared/generated/smee/hardware/v1/WatchHardwareResponse.ts';
import type { HardwareClient, Position } from '#shared/hardware/client.ts';
import { toTinkerbell, writeTinkerbell } from '#shared/hardware/tinkerbell.ts';
import { watchOnce } from '#shared/hardware/watch.ts';
import { addServerOption, withHardware } from './command.ts';
import { type Format, formatOption, rowsOf } from './format.ts';

/** Between two attempts after the connection was lost, in milliseconds. */
const retryAfter = 1000;

/** `smee hardware watch` */
export function addWatch(parent: Command): void {
  addServerOption(parent.command('watch'))
    .description('prints each change of a record as it happens, until Ctrl-C')
    .addOption(formatOption())
    .action((options: { readonly server?: string; readonly output: Format }) =>
      withHardware(options, (client) => watch(client, options.output)),
    );
}

async function watch(client: HardwareClient, format: Format): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

  const seen = new Seen((event) => process.stdout.write(formatEvent(event, format)));
  while (!stop.signal.aborted) {
    const ended = await watchOnce({
      open: () => client.watch(seen.position),
      where: 'that address',
      answerWithinMs: 10_000,
      signal: stop.signal,
      take: (batch) => seen.take(batch),
    });
    if (ended.how === 'aborted') return;
    // What never began is an error; what breaks off is taken up again where it was.
    if (ended.how === 'lost' && !seen.synced) throw ended.error;
    if (ended.how === 'start-over') seen.startOver();
    process.stderr.write(`${ended.how === 'lost' ? ended.error.message : ended.why}; trying again\n`);
    await delay(retryAfter, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

/** How far the watch has come. The records that were there before are counted and not shown. */
class Seen {
  position: Position = { storeId: '', revision: 0 };
  synced = false;
  readonly #onChange: (event: HardwareEvent) => void;
  /** By name: what has changed since a snapshot comes after it. */
  readonly #before = new Set<string | undefined>();
  #quiet = true;

  constructor(onChange: (event: HardwareEvent) => void) {
    this.#onChange = onChange;
  }

  startOver(): void {
    this.position = { storeId: '', revision: 0 };
    this.#before.clear();
    this.#quiet = true;
  }

  take({ storeId = '', events }: Batch): { readonly now: 'catching-up' | 'synced' } {
    for (const event of events) {
      const { type, revision = 0, hardware } = event;
      if (type === 'SYNCED') this.#caughtUp();
      else if (this.#quiet && type === 'DELETED') this.#before.delete(hardware?.name);
      else if (this.#quiet) this.#before.add(hardware?.name);
      else this.#onChange(event);
      // A snapshot does not come in the order of revisions: only what follows it can be resumed from.
      if (!this.#quiet) this.position = { storeId, revision };
    }
    return { now: this.#quiet ? 'catching-up' : 'synced' };
  }

  #caughtUp(): void {
    if (this.#quiet) process.stderr.write(`watching ${this.#before.size} records; Ctrl-C ends\n`);
    this.#before.clear();
    this.#quiet = false;
    this.synced = true;
  }
}

function formatEvent(
  { type = 'TYPE_UNSPECIFIED', revision = 0, hardware }: HardwareEvent,
  format: Format,
): string {
  if (hardware === undefined) throw new SmeeError('broken', `a ${type} event without a record`);
  if (format === 'json') return `${JSON.stringify({ type, revision, hardware: toTinkerbell(hardware) })}\n`;
  if (format === 'yaml') return `---\n# ${type} ${revision}\n${writeTinkerbell([hardware])}`;
  return rowsOf(hardware)
    .map(([name = '', mac = '', address = '']) =>
      [type.padEnd(8), name.padEnd(24), (mac || '–').padEnd(17), (address || '–').padEnd(15), revision].join(
        '  ',
      ),
    )
    .map((line) => `${line}\n`)
    .join('');
}
