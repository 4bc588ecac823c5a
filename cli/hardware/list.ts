import type { Command } from 'commander';
import type { HardwareClient } from '#shared/hardware/client.ts';
import type { Hardware } from '#shared/hardware/contract.ts';
import { addServerOption, withHardware } from './command.ts';
import { type Format, formatOption, formatRecords } from './format.ts';

/** `smee hardware list` */
export function addList(parent: Command): void {
  addServerOption(parent.command('list'))
    .description('shows all records, by name')
    .addOption(formatOption())
    .action((options: { readonly server?: string; readonly output: Format }) =>
      withHardware(options, async (client) => {
        const records = await allRecords(client);
        process.stdout.write(formatRecords(records, options.output));
        if (records.length === 0)
          process.stderr.write('no hardware records yet: smee hardware apply -f FILE\n');
      }),
    );
}

export async function allRecords(client: HardwareClient): Promise<readonly Hardware[]> {
  const records: Hardware[] = [];
  for await (const record of client.list()) records.push(record);
  return records;
}
