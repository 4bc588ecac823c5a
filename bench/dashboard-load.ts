import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { bootClient, TestReporter } from '../test/support/boot-events.ts';
import { until } from '../test/support/until.ts';
import { addressOfMachine, macOfMachine } from './records.ts';

/** Events that one message of a report holds at most, as the contract says. */
const perMessage = 512;
/** Events that may be under way: the hardware service drops what comes faster than it can be written. */
const ahead = 20_000;
/** What one boot consists of here. */
export const perBoot = 10;

/** The events of one boot of a machine, from its first DISCOVER to its system's word, `step` milliseconds apart. */
export function bootOf(machine: number, begun: number, step: number): readonly BootEvent[] {
  const identity = { mac: macOfMachine(machine), address: formatIp4(addressOfMachine(machine)) };
  const tell = (at: number, event: BootEvent): BootEvent => ({
    timeUnixMilli: Math.round(begun + at * step),
    machine: identity,
    outcome: 'YES',
    reason: 'ok',
    durationMicros: 900,
    ...event,
  });
  const dhcp = (at: number, type: string, said: string, client: string) =>
    tell(at, { stage: 'DHCP', said, details: { type, client, arch: 'x64 UEFI', ip: identity.address } });
  const file = (at: number, stage: 'TFTP' | 'HTTP', said: string, name: string) =>
    tell(at, { stage, said, details: { file: name, bytes: '1044480' } });
  return [
    dhcp(0, 'DISCOVER', 'OFFER', 'PXE firmware'),
    dhcp(1, 'REQUEST', 'ACK', 'PXE firmware'),
    file(2, 'TFTP', 'DATA', 'ipxe.efi'),
    dhcp(3, 'DISCOVER', 'OFFER', 'iPXE'),
    dhcp(4, 'REQUEST', 'ACK', 'iPXE'),
    file(5, 'HTTP', 'script', '/auto.ipxe'),
    file(6, 'HTTP', 'artifact', '/artifacts/vmlinuz-x86_64'),
    file(7, 'HTTP', 'artifact', '/artifacts/initramfs-x86_64'),
    tell(8, { stage: 'SYSLOG', outcome: 'HEARD', said: 'message', details: { text: 'HookOS: starting' } }),
    tell(9, { stage: 'OS', outcome: 'HEARD', said: 'phone-home' }),
  ];
}

/** Reports so many boots of each machine, the last an hour ago, no faster than they are stored; every one must be. */
export async function fillWithBoots(port: number, machines: number, boots: number): Promise<void> {
  using client = bootClient(port);
  const reporter = new TestReporter(client, 'dhcp');
  const stored = async () => (await client.list({ pageSize: 1 })).summary?.lastEventId ?? 0;
  let told = 0;
  let waiting: BootEvent[] = [];
  const send = async () => {
    told += waiting.length;
    reporter.tell(...waiting);
    waiting = [];
    if (told % (ahead / 2) < perMessage)
      await until('what was reported is stored', async () => (await stored()) > told - ahead, 120_000);
  };
  for (let boot = boots; boot > 0; boot--) {
    for (let machine = 0; machine < machines; machine++) {
      waiting.push(...bootOf(machine, Date.now() - boot * 3_600_000, 2000));
      if (waiting.length > perMessage - perBoot) await send();
    }
  }
  await send();
  await reporter.end();
  await until('everything is stored', async () => (await stored()) >= told, 120_000);
}
