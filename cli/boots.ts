import { type Command, Option } from 'commander';
import { addBootOptions, type BootOptions, withBoots } from './boots/command.ts';
import { listBoots } from './boots/list.ts';
import { showBoot } from './boots/show.ts';
import { exitCodeHelp } from './exit.ts';

interface ListOptions extends BootOptions {
  readonly failed?: boolean;
  readonly unknown?: boolean;
}

/** `smee boots` */
export function addBoots(program: Command): void {
  addBootOptions(program.command('boots [machine]'))
    .description(
      "shows each machine's last boot; with a MAC, a name or an address: how that one went, and why",
    )
    .addOption(
      new Option('--failed', 'only those that failed, of machines that ought to boot').conflicts('unknown'),
    )
    .option('--unknown', 'only machines that have no record, and failed for nothing else')
    .addHelpText('after', exitCodeHelp)
    .action((machine: string | undefined, options: ListOptions) =>
      withBoots(options, (client) =>
        machine === undefined
          ? listBoots(client, options.unknown ? 'unknown' : options.failed ? 'failed' : 'all', options.json)
          : showBoot(client, machine, options.json ?? false),
      ),
    );
}
