import type { Reason } from '#shared/boot/reasons.ts';
import type { DetailName } from '#shared/events/details.ts';
import type { BootEvent, Outcome, Stage } from '#shared/events/event.ts';
import { amountOf } from './amount.ts';

/** Whose step of a boot a fact is. */
export type Kind =
  /** DHCP of PXE or HTTP Boot firmware, of iPXE, and of anybody else: an operating system. */
  | 'firmware'
  | 'ipxe'
  | 'lease'
  /** What a machine fetches, by what it is for. */
  | 'loader'
  | 'script'
  | 'kernel'
  | 'initrd'
  | 'file'
  | 'iso'
  /** A log line of the machine's own. */
  | 'log'
  | 'phone-home';

/** What matters of an event for the question to which boot it belongs, and how that boot fares. Kept small: many are in memory. */
export interface Fact {
  /** When it began and when it was over, in milliseconds since 1970. */
  readonly at: number;
  readonly until: number;
  readonly kind: Kind;
  readonly stage: Stage;
  readonly outcome: Outcome;
  readonly why: Reason;
  /** Of DHCP: DISCOVER, REQUEST, … */
  readonly type: string | undefined;
  readonly said: string;
  /** What the reason speaks of, or the file; of a log line, who says it. */
  readonly detail: string;
  readonly file: string;
  /** Option 93 by name; who asks, in words. */
  readonly arch: string;
  readonly client: string;
  /** The relay that it came through; empty for none. */
  readonly relay: string;
  /** How often it happened: once, and its repetitions. */
  readonly times: number;
  /** Which fetch it is about, where that took long; empty for all others. */
  readonly fetch: string;
}

/** What an event says of a boot. */
export function factOf(event: BootEvent): Fact {
  const { at, stage, outcome, why, said, details, ms, repeats = 0, fetch = '' } = event;
  const text = (name: DetailName) => String(details[name] ?? '');
  const file = text('file');
  return {
    at,
    until: at + Math.round(ms),
    kind: kindOf(event, text('client'), file),
    stage,
    outcome,
    why,
    type: details.type === undefined ? undefined : text('type'),
    said,
    detail: detailOf(event, text),
    file,
    arch: text('arch'),
    client: text('client'),
    relay: text('giaddr') === '0.0.0.0' ? '' : text('giaddr'),
    times: 1 + repeats,
    fetch,
  };
}

/** Stands for the events with which a boot began, where they are not kept any more. */
export function beginningOf(at: number, who: Pick<Fact, 'arch' | 'client'>): Fact {
  const nothing = { type: undefined, said: '', detail: '', file: '', relay: '', fetch: '' };
  const { arch, client } = who;
  return {
    ...nothing,
    ...{ at, until: at, kind: 'firmware', stage: 'dhcp', outcome: 'heard', why: 'ok', times: 1 },
    ...{ arch, client },
  };
}

function detailOf({ stage, why, said }: BootEvent, text: (name: DetailName) => string): string {
  if (said === 'fetching') return amountOf(text('file'), text('bytes'), text('size'));
  if (stage === 'syslog') return text('app-name').toLowerCase();
  if (text('detail') !== '' || why === 'ok') return text('detail');
  if (why === 'other-server') return text('requestedServer');
  // The file that DHCP names in a no is none, but a name that says no.
  return stage === 'dhcp' ? '' : text('file');
}

function kindOf({ stage, said, details }: BootEvent, client: string, file: string): Kind {
  switch (stage) {
    case 'dhcp':
      if (client === 'iPXE') return 'ipxe';
      return /firmware$/.test(client) || (client === '' && details.arch !== undefined) ? 'firmware' : 'lease';
    case 'syslog':
      return 'log';
    case 'os':
      return 'phone-home';
    case 'iso':
      return 'iso';
    case 'tftp':
    case 'http':
      return said === 'loader' || said === 'script' ? said : kindOfFile(file);
  }
}

/** By its name, as people name such files: the first line that fits. */
const fileNames: readonly (readonly [RegExp, Kind])[] = [
  [/\.ipxe$/, 'script'],
  [/\.(k?kpxe|pxe|efi|0)$/, 'loader'],
  [/(initr(d|amfs)|initramdisk|rootfs)|\.cpio(\.|$)/, 'initrd'],
  [/^(vmlinu|bzimage|zimage|kernel|image|linux)/, 'kernel'],
];

function kindOfFile(file: string): Kind {
  const name = (file.split('/').at(-1) ?? '').toLowerCase();
  return fileNames.find(([pattern]) => pattern.test(name))?.[1] ?? 'file';
}

/**
 * Whether a boot may begin with it. An operating system that renews its address, writes its log or fetches a file begins
 * none: a fleet that runs would otherwise be a page full of boots.
 */
export function opens({ kind, stage }: Fact): boolean {
  switch (kind) {
    case 'lease':
    case 'log':
    case 'phone-home':
      return false;
    case 'kernel':
    case 'initrd':
    case 'file':
      return stage === 'tftp';
    default:
      return true;
  }
}

/** A step of the boot itself, and not what a system does besides or afterwards. */
export function isStep(fact: Fact): boolean {
  return opens(fact) || fact.kind === 'phone-home';
}

/** A file that is loaded before a system runs, also where a system could fetch it, too. */
export function isLoad({ kind }: Fact): boolean {
  return kind === 'kernel' || kind === 'initrd';
}

/** A fetch was told of that was not over. */
export function isUnderWay({ said, outcome }: Fact): boolean {
  return said === 'fetching' && outcome === 'heard';
}

/** Whether one tells more of the same fetch than another that was told while it was under way: no matter which came first. */
export function supersedes(one: Fact, other: Fact): boolean {
  if (one.fetch === '' || one.fetch !== other.fetch || !isUnderWay(other)) return false;
  if (!isUnderWay(one)) return true;
  return one.until === other.until ? compareFacts(one, other) >= 0 : one.until > other.until;
}

/**
 * The one order of facts, whatever order they came in: by time, and for the same millisecond by what they say. Facts that
 * compare as equal are equal in everything that is judged.
 */
export function compareFacts(a: Fact, b: Fact): number {
  if (a.at !== b.at) return a.at - b.at;
  return sortKey(a) < sortKey(b) ? -1 : sortKey(a) > sortKey(b) ? 1 : 0;
}

function sortKey({
  until,
  kind,
  outcome,
  why,
  type,
  said,
  detail,
  file,
  arch,
  client,
  relay,
  times,
  fetch,
}: Fact): string {
  const rank = String(ranks[kind]);
  // A DISCOVER before its REQUEST, which may both have waited for a service that was busy.
  return [rank, type, until, outcome, why, said, detail, file, arch, client, relay, times, fetch].join('\0');
}

/** How far a boot has come that got there: a later yes of the same rank or a higher one heals a no. */
export const ranks: Readonly<Record<Kind, number>> = {
  lease: 0,
  log: 0,
  firmware: 1,
  loader: 2,
  ipxe: 3,
  script: 4,
  file: 5,
  kernel: 5,
  initrd: 6,
  iso: 6,
  'phone-home': 7,
};
