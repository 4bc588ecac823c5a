import type { Command } from 'commander';
import type { BootClient } from '#shared/events/client.ts';
import { connectToBoots, findLocal } from '../connect.ts';
import { addServerOption } from '../hardware/command.ts';

/** Options of the commands that read boots. */
export interface BootOptions {
  readonly server?: string;
  readonly json?: boolean;
}

export function addBootOptions(command: Command): Command {
  return addServerOption(command).option('--json', 'for programs: a line of JSON each');
}

export async function withBoots(
  { server }: BootOptions,
  work: (client: BootClient) => Promise<void>,
): Promise<void> {
  using client = connectToBoots(server, await findLocal());
  await work(client);
}
