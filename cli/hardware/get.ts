import type { Command } from 'commander';
import type { HardwareClient } from '#shared/hardware/client.ts';
import type { Hardware } from '#shared/hardware/contract.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { CommandError } from '../exit.ts';
import { addServerOption, withHardware } from './command.ts';
import { type Format, formatOption, formatRecord } from './format.ts';

/** `smee hardware get` */
export function addGet(parent: Command): void {
  addServerOption(parent.command('get <name|mac|ip>'))
    .description('shows one record')
    .addOption(formatOption())
    .action((key: string, options: { readonly server?: string; readonly output: Format }) =>
      withHardware(options, async (client) => {
        const record = await find(client, key);
        if (record === undefined)
          throw new CommandError('notFound', `no record with name, MAC or address ${key}`);
        process.stdout.write(formatRecord(record, options.output));
      }),
    );
}

/** By what it looks like; a name may look like anything, so that comes last. */
async function find(client: HardwareClient, key: string): Promise<Hardware | undefined> {
  const mac = parseMac(key);
  const byMac = mac === undefined ? undefined : await client.get({ mac });
  const byIp = parseIp4(key) === undefined ? undefined : await client.get({ ip: key });
  return byMac ?? byIp ?? (await client.get({ name: key }));
}
