import { reasons } from '#shared/boot/reasons.ts';
import type { Stage } from '#shared/events/event.ts';
import type { Boot__Output } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { Stage__Output } from '#shared/generated/smee/boot/v1/Stage.ts';
import type { Judgement } from '../decide/boots/judge.ts';

/** Whose boot it is, as it is known now. */
export interface Who {
  readonly mac: string;
  /** The record's; empty for a stranger. */
  readonly name: string;
  readonly clientUuid: string;
  readonly address: string;
}

const stages = {
  dhcp: 'DHCP',
  tftp: 'TFTP',
  http: 'HTTP',
  iso: 'ISO',
  syslog: 'SYSLOG',
  os: 'OS',
} as const satisfies Record<Stage, Stage__Output>;

/** A judgement as the contract tells it. */
export function bootMessage(id: number, machine: Who, judgement: Judgement): Boot__Output {
  const { state, stage, reason, detail, arch, client, started, last, events } = judgement;
  return {
    id,
    machine,
    state,
    stage: stages[stage],
    reason,
    detail,
    ...reasons[reason],
    arch,
    client,
    startedUnixMilli: started,
    lastUnixMilli: last,
    events,
    stages: judgement.stages.map((span) => ({
      stage: stages[span.stage],
      startedUnixMilli: span.started,
      lastUnixMilli: span.last,
      ok: span.ok,
    })),
  };
}

/** Whether a boot failed for nothing but that its machine has no record: nobody has said that it ought to boot. */
export function isUnknown(name: string, { state, reason }: Pick<Boot__Output, 'state' | 'reason'>): 0 | 1 {
  // By a clock that is ahead of ours it is yet to fail.
  return name === '' && state === 'FAILED' && reason === 'unknown-machine' ? 1 : 0;
}

/** What a search looks through, in lower case. */
export function haystackOf({ mac, name, clientUuid, address }: Who, { reason, detail }: Judgement): string {
  return [mac, name, clientUuid, address, reason, detail].join('\n').toLowerCase();
}
