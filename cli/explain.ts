import { type Command, Option } from 'commander';
import { reasons } from '#shared/boot/reasons.ts';
import { UnavailableError } from '#shared/errors.ts';
import type { ExplainBootResponse__Output as Explanation } from '#shared/generated/smee/boot/v1/ExplainBootResponse.ts';
import { HardwareCallError } from '#shared/grpc/errors.ts';
import { connectToBoots, findLocal } from './connect.ts';
import { CommandError, exitCodeHelp } from './exit.ts';
import { explanationText } from './explain/report.ts';
import { addServerOption } from './hardware/command.ts';
import { jsonLine, painter } from './terminal.ts';

interface ExplainOptions {
  readonly server?: string;
  readonly arch?: string;
  readonly firmware?: string;
  readonly stage?: 'dhcp' | 'tftp' | 'http' | 'iso';
  readonly json?: boolean;
}

const stages = { dhcp: 'DHCP', tftp: 'TFTP', http: 'HTTP', iso: 'ISO' } as const;

/** `smee explain` */
export function addExplain(program: Command): void {
  addServerOption(program.command('explain <mac|name|ip>'))
    .description('says whether a machine would boot now, what each step would answer it, and what to change')
    .option('--arch <arch>', 'what it is: x86_64-efi, bios, arm64-efi, or a number of option 93')
    .addOption(
      new Option('--firmware <kind>', 'what asks first; without it, as it was last seen').choices([
        'pxe',
        'http',
        'ipxe',
      ]),
    )
    .addOption(new Option('--stage <stage>', 'only this part').choices(Object.keys(stages)))
    .option('--json', 'one line of JSON, as the rpc ExplainBoot answers')
    .addHelpText(
      'after',
      `\nNothing is sent to the machine. 0: it would boot; 1: it would not.\n${exitCodeHelp}`,
    )
    .action(run);
}

async function run(machine: string, { stage, json, server, ...asked }: ExplainOptions): Promise<void> {
  using boots = connectToBoots(server, await findLocal());
  const request = { machine, ...asked, ...(stage === undefined ? {} : { stage: stages[stage] }) };
  const explained = await boots.explain(request).catch(refuse);
  const { stdout } = process;
  const page = { paint: painter(stdout), width: stdout.columns ?? 120 };
  stdout.write(json ? jsonLine(explained) : explanationText(explained, page));
  if (explained.boots !== true) throw new CommandError('failed');
}

/** Whoever cannot ask what would happen knows at least that nobody else can ask either. */
function refuse(error: unknown): Promise<Explanation> {
  if (error instanceof UnavailableError) {
    const { means, action } = reasons['not-synced'];
    throw new CommandError(
      'unreachable',
      `${error.message}\nServices that start now are not-synced: ${means} ${action}`,
    );
  }
  if (error instanceof HardwareCallError && error.code === 'not-found')
    throw new CommandError('notFound', error.message);
  if (error instanceof HardwareCallError && error.code === 'invalid-argument')
    throw new CommandError('usage', error.message);
  throw error;
}
