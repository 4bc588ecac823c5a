import type { Reason } from '#shared/boot/reasons.ts';
import type { Stage } from '#shared/events/event.ts';
import type { Attempt } from './attempts.ts';
import { awaitedOf } from './awaited.ts';
import { type Fact, isStep } from './fact.ts';
import { gaveUp, growing, patienceWith, ranFor, silence } from './patience.ts';
import { type Progress, progressOf } from './progress.ts';

export type State = 'BOOTING' | 'BOOTED' | 'FAILED' | 'HANDED_OVER';

interface Verdict {
  readonly state: State;
  readonly reason: Reason;
  readonly detail: string;
}

interface StageSpan {
  readonly stage: Stage;
  readonly started: number;
  readonly last: number;
  readonly ok: boolean;
}

/** How a boot fares. Times are milliseconds since 1970. */
export interface Judgement extends Verdict {
  /** The furthest that it came. */
  readonly stage: Stage;
  readonly arch: string;
  readonly client: string;
  readonly started: number;
  readonly last: number;
  readonly events: number;
  readonly stages: readonly StageSpan[];
  /** When time alone makes another judgement of it; undefined: never. */
  readonly due: number | undefined;
}

/** Total and pure: what the facts of one boot mean at a moment. */
export function judge({ facts, heard, next }: Attempt, now: number): Judgement {
  const over = heard + silence;
  // What a system does for hours afterwards is no part of its boot.
  const own = facts.filter((fact) => isStep(fact) || fact.at <= over);
  const progress = progressOf(own);
  const { verdict, due } = next === undefined ? underWay(progress, now, over) : ended(progress, next, over);
  const stages = spansOf(own);
  return {
    ...verdict,
    due,
    stage: furthest(stages),
    arch: own.find(({ arch }) => arch !== '')?.arch ?? '',
    client: own.find(({ client, kind }) => client !== '' && kind !== 'lease')?.client ?? '',
    started: own[0]?.at ?? 0,
    last: Math.max(0, ...own.map(({ until }) => until)),
    events: own.reduce((sum, { times }) => sum + times, 0),
    stages,
  };
}

interface Found {
  readonly verdict: Verdict;
  readonly due: number | undefined;
}

const booted: Found = { verdict: { state: 'BOOTED', reason: 'ok', detail: '' }, due: undefined };
const handedOver: Verdict = { state: 'HANDED_OVER', reason: 'handed-over', detail: '' };

function underWay(progress: Progress, now: number, over: number): Found {
  const { problem, phoned, fetching } = progress;
  if (phoned) return booted;
  if (problem !== undefined) {
    const due = problem.until + patienceWith(problem.why);
    const { why: reason, detail } = problem;
    return now < due ? { verdict: { state: 'BOOTING', reason, detail }, due } : failed(reason, detail);
  }
  const awaited = awaitedOf(progress);
  if (awaited !== undefined && now >= awaited.due) return failed(awaited.reason, awaited.detail);
  if (now >= over) return { verdict: handedOver, due: undefined };
  const due = Math.min(over, awaited?.due ?? over);
  const grown = (fetching?.until ?? Number.NEGATIVE_INFINITY) + growing;
  if (fetching === undefined || now >= grown)
    return { verdict: { state: 'BOOTING', reason: 'ok', detail: '' }, due };
  const { detail } = fetching;
  return { verdict: { state: 'BOOTING', reason: 'fetching', detail }, due: Math.min(due, grown) };
}

/** The firmware began another boot. Where this one hung for a while before, that is what there is to say. */
function ended(progress: Progress, next: number, over: number): Found {
  const { problem, phoned, heard, systemHeard, got, fetching } = progress;
  if (phoned) return booted;
  if (problem !== undefined) return failed(problem.why, problem.detail);
  const awaited = awaitedOf(progress);
  // Of a fetch it is told only now and then: not to have heard of it for a while says nothing.
  const wasLeft = fetching === undefined ? next - heard > gaveUp : next >= fetching.until + growing;
  if (awaited !== undefined && wasLeft) return failed(awaited.reason, awaited.detail);
  if (awaited !== undefined) return failed('boot-began-anew');
  const ran = systemHeard && next - Math.max(...got.values()) >= ranFor;
  return ran || next >= over ? { verdict: handedOver, due: undefined } : failed('boot-began-anew');
}

function failed(reason: Reason, detail = ''): Found {
  return { verdict: { state: 'FAILED', reason, detail }, due: undefined };
}

/** In the order in which they began. */
function spansOf(facts: readonly Fact[]): readonly StageSpan[] {
  const spans = new Map<Stage, StageSpan>();
  for (const { stage, at, until, outcome } of facts) {
    const before = spans.get(stage);
    spans.set(stage, {
      stage,
      started: before?.started ?? at,
      last: Math.max(before?.last ?? 0, until),
      ok: outcome === 'heard' ? (before?.ok ?? true) : outcome === 'yes',
    });
  }
  return [...spans.values()];
}

/** A log line may come from anywhere on the way: it is no step. */
const order: readonly Stage[] = ['syslog', 'dhcp', 'tftp', 'http', 'iso', 'os'];

function furthest(stages: readonly StageSpan[]): Stage {
  const reached = stages.map(({ stage }) => order.indexOf(stage));
  return order[Math.max(0, ...reached)] ?? 'dhcp';
}
