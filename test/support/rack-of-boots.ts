import { reasons } from '#shared/boot/reasons.ts';
import type { Boot } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { ConductedBoots } from './conducted-boots.ts';

/** A morning in the rack, told to a service that a test conducts: what the pictures in docs/ show. */
export function tellRack(service: ConductedBoots, now: number): void {
  const rack: Machine[] = [
    {
      name: 'rack1-node04',
      at: now - 9000,
      state: 'FAILED',
      reason: 'netboot-not-allowed',
      stage: 'DHCP',
      took: 400,
    },
    {
      name: 'rack1-node11',
      at: now - 74_000,
      state: 'FAILED',
      reason: 'timed-out',
      detail: 'ipxe.efi',
      stage: 'TFTP',
      took: 21_400,
    },
    {
      name: 'rack2-node02',
      at: now - 310_000,
      state: 'FAILED',
      reason: 'kernel-not-fetched',
      stage: 'HTTP',
      took: 64_000,
    },
    {
      name: 'rack1-node07',
      at: now - 600,
      state: 'BOOTING',
      reason: 'fetching',
      detail: 'initramfs-x86_64, 61.4 of 212 MB',
      stage: 'HTTP',
      took: 12_400,
    },
    { name: 'rack1-node08', at: now - 1200, state: 'BOOTING', stage: 'TFTP', took: 2900 },
    { name: 'rack2-node05', at: now - 2100, state: 'BOOTING', stage: 'DHCP', took: 800 },
    { name: '', at: now - 3200, state: 'FAILED', reason: 'unknown-machine', stage: 'DHCP', took: 31_000 },
    { name: '', at: now - 48_000, state: 'FAILED', reason: 'unknown-machine', stage: 'DHCP', took: 4000 },
    ...Array.from(
      { length: 7 },
      (_, at): Machine => ({
        name: `rack2-node${String(at + 10).padStart(2, '0')}`,
        at: now - 95_000 - at * 41_000,
        state: at === 4 ? 'HANDED_OVER' : 'BOOTED',
        ...(at === 4 ? { reason: 'handed-over' as const } : {}),
        stage: 'OS',
        took: 38_000 + at * 713,
      }),
    ),
  ];
  for (const [at, machine] of rack.toReversed().entries()) tell(service, at + 1, machine);
}

interface Machine {
  readonly name: string;
  /** When it was heard of last. */
  readonly at: number;
  readonly state: 'BOOTING' | 'BOOTED' | 'FAILED' | 'HANDED_OVER';
  readonly stage: 'DHCP' | 'TFTP' | 'HTTP' | 'OS';
  readonly reason?: keyof typeof reasons;
  readonly detail?: string;
  readonly took: number;
}

function tell(
  service: ConductedBoots,
  id: number,
  { name, at, state, stage, reason = 'ok', detail = '', took }: Machine,
): void {
  const hex = (12 + id * 7).toString(16).padStart(2, '0');
  const machine = {
    mac: `52:54:00:a1:0${id % 10}:${hex}`,
    name,
    clientUuid: '',
    address: name === '' ? '' : `192.168.77.${20 + id}`,
  };
  const from = at - took;
  const way = ['DHCP', 'TFTP', 'HTTP', 'OS'] as const;
  const shares = [0, 0.07, 0.2, 0.98, 1];
  const last = way.indexOf(stage);
  const scale = took / (shares[last + 1] ?? 1);
  const stages = way.slice(0, last + 1).map((each, index) => ({
    stage: each,
    startedUnixMilli: Math.round(from + (shares[index] ?? 0) * scale),
    lastUnixMilli: Math.round(index === last ? at : from + (shares[index + 1] ?? 0) * scale * 0.96),
    ok: index < last || state !== 'FAILED',
  }));
  const boot: Boot & { readonly id: number } = {
    id,
    machine,
    state,
    stage,
    reason,
    detail,
    means: reasons[reason].means,
    action: reasons[reason].action,
    arch: 'x64 UEFI',
    client: stage === 'DHCP' || stage === 'TFTP' ? 'PXE firmware' : 'iPXE',
    startedUnixMilli: from,
    lastUnixMilli: at,
    events: 0,
    stages,
  };
  const events = eventsOf(boot, machine, stages);
  service.happen([{ ...boot, events: events.length }], events);
}

function eventsOf(
  boot: Boot & { readonly id: number },
  machine: BootEvent['machine'] & object,
  stages: NonNullable<Boot['stages']>,
): BootEvent[] {
  const story: Readonly<Record<string, (readonly [string, Record<string, string>, number])[]>> = {
    DHCP: [
      ['OFFER', { type: 'DISCOVER', ip: machine.address ?? '', arch: 'x64 UEFI' }, 210],
      ['ACK', { type: 'REQUEST', ip: machine.address ?? '', file: 'ipxe.efi' }, 180],
    ],
    TFTP: [['DATA', { file: 'ipxe.efi', bytes: '1044480' }, 412_000]],
    HTTP: [
      ['script', { file: 'auto.ipxe', bytes: '1190' }, 2100],
      ['artifact', { file: 'vmlinuz-x86_64', bytes: '11534336' }, 1_204_000],
      ['artifact', { file: 'initramfs-x86_64', bytes: '211534336' }, 1_904_000],
    ],
    OS: [['phone-home', {}, 900]],
  };
  const growing = { file: 'initramfs-x86_64', bytes: '61400000', size: '211534336' };
  if (boot.reason === 'fetching') story.HTTP?.splice(2, 1, ['fetching', growing, 5_000_000]);
  const said = stages.flatMap((span) => {
    const steps = story[String(span.stage)] ?? [];
    const from = Number(span.startedUnixMilli);
    const step = (Number(span.lastUnixMilli) - from) / Math.max(steps.length, 1);
    return steps.map(
      ([what, details, micros], at): BootEvent => ({
        timeUnixMilli: Math.round(from + at * step),
        machine,
        stage: span.stage ?? 'DHCP',
        outcome: what === 'fetching' ? 'HEARD' : 'YES',
        reason: 'ok',
        said: what,
        details,
        durationMicros: micros,
        bootId: boot.id,
        service: String(span.stage).toLowerCase(),
      }),
    );
  });
  const lines =
    said.length < 5
      ? []
      : [
          'iPXE 1.21.1+ -- Open Source Network Boot Firmware',
          'Linux version 6.1.0 (gcc 12.2.0) #1 SMP',
          'HookOS: starting tink-worker',
          'tink-worker: connected to 192.168.77.1:42113',
        ].map(
          (text, at): BootEvent => ({
            timeUnixMilli: Number(boot.lastUnixMilli) - 4000 + at * 700,
            machine,
            stage: 'SYSLOG',
            outcome: 'HEARD',
            reason: 'ok',
            said: 'message',
            details: { severity: at === 1 ? 'warning' : 'info', text },
            bootId: boot.id,
            service: 'syslog',
          }),
        );
  const events = [...said, ...lines];
  if (boot.state !== 'FAILED') return events;
  const kept =
    boot.reason === 'timed-out' || boot.reason === 'kernel-not-fetched'
      ? events.slice(0, boot.reason === 'timed-out' ? -1 : -2)
      : [];
  const silence = boot.reason === 'kernel-not-fetched';
  return silence
    ? kept
    : [
        ...kept,
        {
          timeUnixMilli: boot.lastUnixMilli ?? 0,
          machine,
          stage: boot.stage ?? 'DHCP',
          outcome: 'NO',
          reason: boot.reason ?? '',
          said: boot.stage === 'TFTP' ? 'ERROR' : 'silent',
          details: boot.detail ? { file: boot.detail, bytes: '1468' } : { type: 'DISCOVER' },
          durationMicros: 120,
          repeats: boot.reason === 'unknown-machine' ? 4 : 0,
          bootId: boot.id,
          service: String(boot.stage).toLowerCase(),
        },
      ];
}
