import type { Command } from 'commander';
import { CommandError } from '../exit.ts';
import { addServerOption, withHardware } from './command.ts';

/** `smee hardware delete` */
export function addDelete(parent: Command): void {
  addServerOption(parent.command('delete <name...>'))
    .description('deletes records by name')
    .action((names: readonly string[], options: { readonly server?: string }) =>
      withHardware(options, async (client) => {
        const missing: string[] = [];
        for (const name of names) {
          if (await client.delete(name)) process.stdout.write(`${name} deleted\n`);
          else missing.push(name);
        }
        if (missing.length > 0) throw new CommandError('notFound', `no record named ${missing.join(', ')}`);
      }),
    );
}
