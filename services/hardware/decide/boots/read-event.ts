import { type Reason, reasons } from '#shared/boot/reasons.ts';
import { type BootEvent, outcomeOfName, stageOfName } from '#shared/events/event.ts';
import type { BootEvent__Output as Told } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';

/** What is asked of an event before it is kept: it may hold what a machine said, and a service of another release may send it. */
const most = { text: 253, said: 64, details: 48, detail: 1024, all: 8192 } as const;

/** A clock may be wrong by minutes; a time from tomorrow would end every boot. Milliseconds. */
const ahead = 3_600_000;

/** The event; or what is wrong with it, as a sentence that repeats none of it. @param now milliseconds since 1970 */
export function readEvent(told: Told, now: number): BootEvent | string {
  const { machine, stage = '', outcome = '', reason = '', details = {}, said = '' } = told;
  const { mac, name = '', clientUuid = '', address = '' } = machine ?? {};
  const {
    timeUnixMilli: at = 0,
    durationMicros = 0,
    traceId = '',
    xid = 0,
    repeats = 0,
    fetchId = '',
  } = told;
  const known = { stage: stageOfName[stage], outcome: outcomeOfName[outcome] };

  if (!(at > 0 && at <= now + ahead)) return 'its time is 0, negative, or more than an hour ahead of ours';
  if (known.stage === undefined || known.outcome === undefined)
    return 'its stage or its outcome is none of the contract';
  if (!isReason(reason)) return 'its reason is not of the closed list';
  if (mac !== undefined && mac !== '' && parseMac(mac) !== mac)
    return 'its MAC is not six bytes in lower case with colons';
  if (address !== '' && parseIp4(address) === undefined) return 'its address is no IPv4 address';
  if (!/^([0-9a-f]{32})?$/.test(traceId)) return 'its trace id is not 32 hexadecimal digits';
  if (!/^([0-9a-f]{16})?$/.test(fetchId)) return 'its fetch id is not 16 hexadecimal digits';
  if (name.length > most.text || clientUuid.length > most.said || said.length > most.said)
    return 'one of its texts is too long';
  if (!(durationMicros >= 0 && at + durationMicros / 1000 <= now + ahead))
    return 'its duration is negative, or its end more than an hour ahead of ours';
  const named = Object.entries(details);
  if (named.length > most.details) return `it has more than ${most.details} details`;
  if (named.some(([key, value]) => !/^[A-Za-z][\w-]{0,31}$/.test(key) || value.length > most.detail))
    return 'one of its details has no plain name, or is too long';

  if (named.reduce((sum, [key, value]) => sum + key.length + value.length, 0) > most.all)
    return `its details are longer than ${most.all} characters`;

  return {
    at,
    mac: mac || undefined,
    name: name || undefined,
    clientUuid: clientUuid || undefined,
    address: address || undefined,
    stage: known.stage,
    outcome: known.outcome,
    why: reason,
    said,
    details,
    ms: durationMicros / 1000,
    traceId: traceId || undefined,
    xid: xid || undefined,
    fetch: fetchId || undefined,
    repeats: repeats || undefined,
  };
}

function isReason(code: string): code is Reason {
  return Object.hasOwn(reasons, code);
}
