import { escapeUnsafe } from '../printable.ts';
import { type BootEvent, outcomeNames, stageNames } from './event.ts';
import type { Gap } from './gap.ts';

/** Characters of a text that are told; names of files are shorter. */
const longestText = 512;

/** An event as the contract has it. Texts may be a stranger's: control characters are escaped, long ones cut. */
export function toMessage(event: BootEvent) {
  const { mac = '', name = '', clientUuid = '', address = '', traceId = '', xid = 0, repeats = 0 } = event;
  const { fetch: fetchId = '' } = event;
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(event.details)) {
    if (value !== undefined && value !== '') texts[key] = bounded(String(value));
  }
  return {
    timeUnixMilli: Math.round(event.at),
    machine: { mac, name, clientUuid, address },
    stage: stageNames[event.stage],
    outcome: outcomeNames[event.outcome],
    reason: event.why,
    said: event.said,
    details: texts,
    durationMicros: Math.max(0, Math.round(event.ms * 1000)),
    traceId,
    xid,
    repeats,
    fetchId,
  };
}

/** A gap as the contract has it. */
export function toGap({ events, from, to }: Gap) {
  return { events, fromUnixMilli: from, toUnixMilli: to };
}

function bounded(sent: string): string {
  const text = escapeUnsafe(sent.slice(0, longestText + 1));
  return text.length > longestText ? `${text.slice(0, longestText - 1).toWellFormed()}…` : text;
}
