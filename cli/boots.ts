import type { Command } from 'commander';
import { addBootOptions, type BootOptions, withBoots } from './boots/command.ts';
import { listBoots } from './boots/list.ts';
import { showBoot } from './boots/show.ts';
import { exitCodeHelp } from './exit.ts';

interface ListOptions extends BootOptions {
  readonly failed?: boolean;
}

/** `smee boots` */
export function addBoots(program: Command): void {
  addBootOptions(program.command('boots [machine]'))
    .description(
      "shows each machine's last boot; with a MAC, a name or an address: how that one went, and why",
    )
    .option('--failed', 'only those that failed')
    .addHelpText('after', exitCodeHelp)
    .action((machine: string | undefined, options: ListOptions) =>
      withBoots(options, (client) =>
        machine === undefined
          ? listBoots(client, { failed: options.failed ?? false, json: options.json ?? false })
          : showBoot(client, machine, options.json ?? false),
      ),
    );
}
