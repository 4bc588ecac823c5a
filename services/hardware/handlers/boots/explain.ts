import { reasons } from '#shared/boot/reasons.ts';
import { BootService } from '#shared/events/contract.ts';
import type { Boot__Output as Boot } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { ExplainBootRequest__Output } from '#shared/generated/smee/boot/v1/ExplainBootRequest.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { decodeBoot } from '../../boots/codec.ts';
import { macsOf } from '../../boots/find.ts';
import { absent, invalid } from '../../decide/refusals.ts';
import { beyondAnswers } from '../../explain/decide/beyond.ts';
import { type Explanation, explain } from '../../explain/decide/explain.ts';
import {
  archNames,
  choosePlatform,
  firmwares,
  parseArch,
  parseFirmware,
} from '../../explain/decide/platform.ts';
import type { Step } from '../../explain/decide/step.ts';
import { surroundingsOf } from '../../explain/reported.ts';
import { type Subject, subjectOf } from '../../explain/subject.ts';
import type { Answer, Handling } from '../../handling.ts';
import type { Violation } from '../../wire/status.ts';

const { responseSerialize } = BootService.service.ExplainBoot;

/** A dry run by the record as it is now and the services as they reported themselves last. */
export function explainBoot(handling: Handling, request: ExplainBootRequest__Output): Answer {
  const { machine: text = '', arch = '', firmware = '', stage = 'STAGE_UNSPECIFIED' } = request;
  const violations = violationsIn(text, arch, firmware);
  if (violations.length > 0) return invalid(violations);
  const { store, keeper, reported } = handling;
  const macs = macsOf(text, store, keeper.boots);
  const subject = subjectOf(store, text, macs);
  if (subject === undefined) return absent(`name or address ${JSON.stringify(text)}`);

  const boot = lastBoot(handling, subject.mac);
  const { platform, assumed } = choosePlatform({
    firmware: parseFirmware(firmware),
    arch: parseArch(arch),
    heardClient: boot?.client ?? '',
    heardArch: boot?.arch ?? '',
    recordArch: subject.arch,
  });
  const { surroundings, unknowns } = surroundingsOf(reported.all(), subject.machines[0]);
  const { mac, machines, leftOut } = subject;
  const heard = boot && heardSentence(boot);
  const explained = explain({ mac, machines, leftOut, heard, synced: true, ...surroundings }, platform);
  const doubts = [
    ...subject.remarks,
    ...(assumed === undefined ? [] : [`Nothing says what it is: ${assumed} is assumed.`]),
    ...unknowns,
    ...explained.unknowns,
    ...(explained.boots ? elsewhere(boot) : []),
  ];
  return responseOf(subject, only(explained, stage), doubts);
}

function violationsIn(machine: string, arch: string, firmware: string): readonly Violation[] {
  const wrong: Violation[] = [];
  if (machine === '' || machine.length > 253)
    wrong.push({ field: 'machine', description: 'must be a MAC, a name or an IPv4 address' });
  if (arch !== '' && parseArch(arch) === undefined)
    wrong.push({
      field: 'arch',
      description: `must be a number of option 93, or one of ${archNames.join(', ')}`,
    });
  if (firmware !== '' && parseFirmware(firmware) === undefined)
    wrong.push({ field: 'firmware', description: `must be one of ${firmwares.join(', ')}` });
  return wrong;
}

function lastBoot({ keeper }: Handling, mac: string): Boot | undefined {
  const [row] = keeper.boots.ofMachine(mac, 1);
  return row && decodeBoot(row.body);
}

/** A dry run sees nothing wrong where the last boot was answered well, and failed all the same. */
function elsewhere(boot: Boot | undefined): readonly string[] {
  const { state, stage = '', reason = '', means = '' } = boot ?? {};
  if (state !== 'FAILED' || !beyondAnswers.has(reason)) return [];
  return [`Its last boot failed at ${stage.toLowerCase()} (${reason}): ${means} smee boots tells it.`];
}

/** When and as what a machine was heard of last. */
function heardSentence({ lastUnixMilli = 0, client = '', arch = '' }: Boot): string {
  const who = [client, arch].filter((part) => part !== '').join(', ');
  return `last heard of at ${new Date(lastUnixMilli).toISOString()}${who === '' ? '' : ` as ${who}`}`;
}

/**
 * Of one stage, or all of it. A no before it stays: it is why the machine does not come so far. An ISO is mounted by another way.
 */
function only(explained: Explanation, wanted: string): Explanation {
  if (wanted === 'STAGE_UNSPECIFIED') return explained;
  const of = ({ stage }: { readonly stage: string }) => stage === wanted.toLowerCase();
  const end = wanted === 'ISO' ? -1 : explained.steps.findLastIndex(of);
  const steps = explained.steps.filter((step, at) => of(step) || (at < end && step.outcome === 'no'));
  const refused = new Set(steps.filter(({ outcome }) => outcome === 'no').map(({ stage }) => stage));
  const changes = explained.changes.filter(({ stage }) => refused.has(stage));
  return { ...explained, boots: changes.length === 0, steps, changes };
}

function responseOf(
  { mac, machines: [record] }: Subject,
  { boots, steps, changes }: Explanation,
  unknowns: readonly string[],
): Uint8Array {
  const address = record?.dhcp.address;
  return responseSerialize({
    machine: {
      mac,
      name: record?.name ?? '',
      address: address === undefined ? '' : formatIp4(address),
    },
    boots,
    steps: steps.map(messageOf),
    changes: changes.map(({ change }) => change),
    unknowns: [...new Set(unknowns)],
  });
}

const stages = { dhcp: 'DHCP', tftp: 'TFTP', http: 'HTTP', iso: 'ISO' } as const;

function messageOf({ stage, asks, outcome, said, why, details, service }: Step) {
  const { means, action } = reasons[why];
  return {
    ...{ stage: stages[stage], asks, said, reason: why, means, action, details, service },
    outcome: outcome === 'yes' ? ('YES' as const) : ('NO' as const),
  };
}
