import { type Reason, reasons } from '#shared/boot/reasons.ts';
import { outcomeOfName, stageOfName } from '#shared/events/event.ts';
import type { Boot__Output as WireBoot } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent__Output as WireEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { ExplainBootResponse__Output as WireExplanation } from '#shared/generated/smee/boot/v1/ExplainBootResponse.ts';
import type { Gap__Output as WireGap } from '#shared/generated/smee/boot/v1/Gap.ts';
import type { Machine__Output as WireMachine } from '#shared/generated/smee/boot/v1/Machine.ts';
import type { Step__Output as WireStep } from '#shared/generated/smee/boot/v1/Step.ts';
import type { Summary__Output as WireSummary } from '#shared/generated/smee/boot/v1/Summary.ts';
import type { Boot, BootEvent, Explanation, Gap, Machine, State, Step, Summary } from './api.ts';

/** The contract's messages as the page reads them: total, whatever is missing. */

const states: Readonly<Record<string, State>> = {
  BOOTING: 'booting',
  BOOTED: 'booted',
  FAILED: 'failed',
  HANDED_OVER: 'handed-over',
};
/** What is said of a machine that was a stranger when it asked last, and got its record since. */
const knownSince = {
  means: 'Nobody knew this machine when it asked last. It has a record by now.',
  action: 'Nothing: its next request is answered. If it has given up, start it again.',
};

export function toBoot(wire: WireBoot): Boot {
  const machine = toMachine(wire.machine);
  const { means = '', action = '' } =
    wire.reason === 'unknown-machine' && machine.name !== '' ? knownSince : wire;
  return {
    id: wire.id ?? 0,
    machine,
    state: states[wire.state ?? ''] ?? 'booting',
    stage: stageOfName[wire.stage ?? ''],
    reason: wire.reason ?? '',
    detail: wire.detail ?? '',
    means,
    action,
    arch: wire.arch ?? '',
    client: wire.client ?? '',
    from: wire.startedUnixMilli ?? 0,
    to: wire.lastUnixMilli ?? 0,
    events: wire.events ?? 0,
    spans: wire.stages.flatMap((span) => {
      const stage = stageOfName[span.stage ?? ''];
      const from = span.startedUnixMilli ?? 0;
      return stage === undefined
        ? []
        : [{ stage, from, to: span.lastUnixMilli ?? from, ok: span.ok ?? false }];
    }),
  };
}

export function toEvent(wire: WireEvent): BootEvent {
  const reason = wire.reason ?? '';
  const outcome = outcomeOfName[wire.outcome ?? ''] ?? 'heard';
  return {
    id: wire.id ?? 0,
    boot: wire.bootId ?? 0,
    at: wire.timeUnixMilli ?? 0,
    machine: toMachine(wire.machine),
    stage: stageOfName[wire.stage ?? ''],
    outcome,
    reason,
    ...(isReason(reason) && reason !== 'ok' ? { means: reasons[reason].means } : {}),
    said: wire.said ?? '',
    details: wire.details ?? {},
    micros: wire.durationMicros ?? 0,
    repeats: wire.repeats ?? 0,
    service: wire.service ?? '',
    fetch: wire.fetchId ?? '',
  };
}

export function toGap(wire: WireGap): Gap {
  const { events = 0, fromUnixMilli: from = 0, toUnixMilli: to = 0, service = '' } = wire;
  return { events, from, to, service };
}

export function toSummary(wire: WireSummary | undefined): Summary {
  const { booting = 0, booted = 0, failed = 0, handedOver = 0, unknown = 0 } = wire ?? {};
  return { booting, booted, failed: failed - unknown, handedOver, unknown };
}

export function toExplanation(wire: WireExplanation): Explanation {
  return {
    machine: toMachine(wire.machine),
    boots: wire.boots ?? false,
    steps: wire.steps.map(toStep),
    changes: wire.changes,
    unknowns: wire.unknowns,
  };
}

/** The contract's name of a state that the page asks for. */
export function stateName(state: State): 'BOOTING' | 'BOOTED' | 'FAILED' | 'HANDED_OVER' {
  return ({ booting: 'BOOTING', booted: 'BOOTED', failed: 'FAILED', 'handed-over': 'HANDED_OVER' } as const)[
    state
  ];
}

function toStep(wire: WireStep): Step {
  return {
    stage: stageOfName[wire.stage ?? ''],
    asks: wire.asks ?? '',
    outcome: outcomeOfName[wire.outcome ?? ''] ?? 'heard',
    said: wire.said ?? '',
    reason: wire.reason ?? '',
    means: wire.means ?? '',
    action: wire.action ?? '',
    details: wire.details ?? {},
    service: wire.service ?? '',
  };
}

function toMachine(wire: WireMachine | undefined): Machine {
  return {
    mac: wire?.mac ?? '',
    name: wire?.name ?? '',
    uuid: wire?.clientUuid ?? '',
    address: wire?.address ?? '',
  };
}

function isReason(code: string): code is Reason {
  return Object.hasOwn(reasons, code);
}
