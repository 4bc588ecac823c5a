import type { Command } from 'commander';
import type { HardwareClient } from '#shared/hardware/client.ts';
import { connect, findLocal } from '../connect.ts';

/** A command that needs the hardware service: its `--server`, and a client that is closed at its end. */
export function addServerOption(command: Command): Command {
  return command.option(
    '--server <host:port>',
    'where the hardware service answers (SMEE_HARDWARE_ADDR; else the smee up of this host)',
  );
}

export async function withHardware(
  { server }: { readonly server?: string },
  work: (client: HardwareClient) => Promise<void>,
): Promise<void> {
  using client = connect(server, await findLocal());
  await work(client);
}
