import type { Command } from 'commander';
import { addServerOption, withHardware } from './command.ts';
import { formatRecords } from './format.ts';
import { allRecords } from './list.ts';

/** `smee hardware export` */
export function addExport(parent: Command): void {
  addServerOption(parent.command('export'))
    .description('prints all records as Tinkerbell Hardware YAML, for smee hardware apply or kubectl apply')
    .action((options: { readonly server?: string }) =>
      withHardware(options, async (client) => {
        process.stdout.write(formatRecords(await allRecords(client), 'yaml'));
      }),
    );
}
