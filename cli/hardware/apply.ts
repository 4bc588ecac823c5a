import type { Command } from 'commander';
import { HardwareCallError } from '#shared/grpc/errors.ts';
import type { HardwareClient } from '#shared/hardware/client.ts';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import { CommandError } from '../exit.ts';
import { addServerOption, withHardware } from './command.ts';
import { readDocuments } from './documents.ts';
import { describeRefusal } from './refusal.ts';

/** `smee hardware apply` */
export function addApply(parent: Command): void {
  addServerOption(parent.command('apply'))
    .description("creates or updates records from Tinkerbell Hardware documents, or Smee's MAC-keyed files")
    .requiredOption('-f, --file <path...>', 'files, folders, or - for standard input')
    .action((options: { readonly server?: string; readonly file: readonly string[] }) =>
      withHardware(options, (client) => apply(client, options.file)),
    );
}

/** Nothing is applied before every document reads well; then one refused record does not keep the others back. */
async function apply(client: HardwareClient, paths: readonly string[]): Promise<void> {
  const { documents, problems } = await readDocuments(paths);
  if (problems.length > 0) {
    throw new CommandError('failed', [...problems, 'nothing applied'].join('\n'));
  }
  if (documents.length === 0) throw new CommandError('failed', 'no hardware record there; nothing applied');

  const refused: string[] = [];
  for (const { where, hardware } of documents) {
    try {
      process.stdout.write(`${hardware.name} ${await applyOne(client, hardware)}\n`);
    } catch (error) {
      if (!(error instanceof HardwareCallError)) throw error;
      refused.push(`${where}, ${hardware.name}:${describeRefusal(error)}`);
    }
  }
  if (refused.length > 0) {
    throw new CommandError(
      'failed',
      [...refused, `${refused.length} of ${documents.length} refused`].join('\n'),
    );
  }
}

async function applyOne(
  client: HardwareClient,
  hardware: HardwareInput,
): Promise<'created' | 'updated' | 'unchanged'> {
  const before = await client.get({ name: hardware.name ?? '' });
  const applied = await client.apply(hardware);
  if (applied.created) return 'created';
  return applied.hardware.revision === before?.revision ? 'unchanged' : 'updated';
}
