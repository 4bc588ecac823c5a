import { type Command, Option } from 'commander';
import { duration, type HostPort, hostPort, integer, type Kind, port, Wrong } from '#shared/config.ts';
import type { HardwareClient } from '#shared/hardware/client.ts';
import { parseMac } from '#shared/mac.ts';
import { connect, findLocal, type Local } from './connect.ts';
import { CommandError, exitCodeHelp } from './exit.ts';
import { option } from './options.ts';
import type { Provisioner } from './simulate/boot.ts';
import { Originals } from './simulate/compare.ts';
import { type FirmwareName, firmwares } from './simulate/firmware.ts';
import { inventMachines, machineOf, maxMachines } from './simulate/machine.ts';
import { reporterFor } from './simulate/report.ts';
import { type Subject, simulate } from './simulate/run.ts';

interface SimulateOptions {
  readonly firmware: FirmwareName;
  readonly mac?: string;
  readonly machines: number;
  readonly timeout: number;
  readonly server?: HostPort;
  readonly tftpPort?: number;
  readonly syslogPort?: number;
  readonly hardwareAddr?: string;
  readonly json?: boolean;
}

/** DHCP's port may be left out. */
const server: Kind<HostPort> = {
  name: 'host[:port]',
  parse(text) {
    const found = hostPort.parse(text);
    return found instanceof Wrong ? hostPort.parse(`${text}:67`) : found;
  },
  print: hostPort.print,
};

/** `smee simulate` */
export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('boots simulated machines through the real sockets and checks every byte that they get')
    .addOption(
      new Option('--firmware <kind>', 'what the machine is')
        .choices(Object.keys(firmwares))
        .default('bios' satisfies FirmwareName),
    )
    .option(
      '--mac <mac>',
      'boot the machine with this MAC, by its own record when it has one (which then stays)',
    )
    .addOption(option('--machines <n>', 'how many boot at once', integer(1, maxMachines)).default(1))
    .addOption(
      option('--timeout <duration>', 'for the whole boot of one machine', duration).default(60_000, '60s'),
    )
    .addOption(option('--server <host[:port]>', 'where DHCP answers', server))
    .addOption(option('--tftp-port <port>', 'where TFTP answers', port))
    .addOption(option('--syslog-port <port>', 'where syslog listens', port))
    .option('--hardware-addr <host:port>', 'where the hardware service answers (gRPC)')
    .option('--json', 'one line of JSON per machine')
    .addHelpText('after', `\nWithout addresses it finds the smee up of this host by itself.\n${exitCodeHelp}`)
    .action(run);
}

async function run(options: SimulateOptions): Promise<void> {
  const local = await findLocal();
  const provisioner = provisionerOf(options, local);
  const loopback = provisioner.dhcp.host.startsWith('127.');
  using hardware = connect(options.hardwareAddr, local);
  const failed = await simulate({
    hardware,
    provisioner,
    machines: await machinesOf(options, loopback, hardware),
    loopback,
    timeout: options.timeout,
    reporter: reporterFor({ json: options.json ?? false, machines: options.machines }),
  });
  if (failed > 0) throw new CommandError('failed');
}

/** Flags first, then the `smee up` of this host, then the protocols' own ports. */
function provisionerOf({ server, tftpPort, syslogPort }: SimulateOptions, { up }: Local): Provisioner {
  const dhcp = server ?? up?.dhcp[0] ?? { host: '127.0.0.1', port: 67 };
  return {
    dhcp: dhcp.host === '0.0.0.0' ? { ...dhcp, host: '127.0.0.1' } : dhcp,
    tftpPort: tftpPort ?? up?.tftp[0]?.port ?? 69,
    syslogPort: syslogPort ?? up?.syslog[0]?.port ?? 514,
    originals: new Originals({
      ipxeDir: up?.ipxeDir ?? undefined,
      artifactDir: up?.artifactDir,
      patched: up?.patched ?? false,
    }),
  };
}

async function machinesOf(
  { mac: text, machines: count, firmware }: SimulateOptions,
  loopback: boolean,
  hardware: HardwareClient,
): Promise<readonly Subject[]> {
  const mac = text === undefined ? undefined : parseMac(text);
  if (text !== undefined && mac === undefined)
    throw new CommandError('usage', `--mac=${text}: must be a MAC address`);
  if (mac !== undefined && count > 1)
    throw new CommandError('usage', '--mac is one machine; leave out --machines');
  // Asked in any case: this is where a hardware service that cannot be reached is noticed, before 200 machines do.
  const record = await hardware.get({ mac: mac ?? '52:54:00:00:00:00' });
  if (mac !== undefined && record !== undefined) {
    return [{ machine: machineOf(record, mac, firmware), hasRecord: true }];
  }
  const invented = inventMachines(count, firmware, loopback ? '127.77' : '198.18');
  return invented.map((one) => ({ machine: mac === undefined ? one : { ...one, mac }, hasRecord: false }));
}
