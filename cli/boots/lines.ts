import { type Reason, reasons } from '#shared/boot/reasons.ts';
import type { Boot__Output as Boot } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent__Output as BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { Gap__Output as Gap } from '#shared/generated/smee/boot/v1/Gap.ts';
import type { Machine__Output as Machine } from '#shared/generated/smee/boot/v1/Machine.ts';
import { escapeUnsafe } from '#shared/printable.ts';
import { type Paint, padTo, type Style, widthOf, wrap } from '../terminal.ts';
import { type Clock, dateAndTime, duration } from './times.ts';

/** Where lines go. */
export interface Page {
  readonly paint: Paint;
  /** Columns; undefined where lines may be as long as they are: a file, a pipe. */
  readonly width: number | undefined;
  /** It is about one machine: no line says which. */
  readonly oneMachine?: true;
}

type Mark = readonly [mark: string, style: Style];

const outcomes: Readonly<Record<string, Mark>> = {
  YES: ['✓', 'green'],
  NO: ['✗', 'red'],
  HEARD: ['·', 'dim'],
};

const states: Readonly<Record<string, { readonly mark: Mark; readonly word: string }>> = {
  BOOTING: { mark: ['▸', 'bold'], word: 'booting' },
  BOOTED: { mark: ['✓', 'green'], word: 'booted' },
  FAILED: { mark: ['✗', 'red'], word: 'failed' },
  HANDED_OVER: { mark: ['○', 'yellow'], word: 'handed over' },
};

/** How a boot stands, in a mark and a word. */
export function stateOf({ state = 'STATE_UNSPECIFIED' }: Boot): {
  readonly mark: Mark;
  readonly word: string;
} {
  return states[state] ?? { mark: ['?', 'dim'], word: state };
}

/** `HTTP` → `http` */
export function lower(word = ''): string {
  return word.toLowerCase();
}

/** A line narrower than this would be no line: what stands in it is broken as if it were so wide. */
const narrowest = 24;

/** What happened, in one line: time, machine, stage, mark, what was said, and the reason's sentence or what was served. */
export function eventLine(event: BootEvent, page: Page, clock: Clock): string {
  const { timeUnixMilli = 0, machine, stage, outcome = '', said } = event;
  const mark = outcomes[outcome] ?? ['?', 'dim'];
  const text = outcome === 'NO' ? whyNot(event) : served(event);
  return line(page, clock(timeUnixMilli), whoIs(machine), lower(stage), mark, said, text);
}

/** That a boot is now in another state: where it is, why, and what to do. */
export function bootLine(boot: Boot, page: Page, clock: Clock): string {
  const { machine, lastUnixMilli = 0 } = boot;
  const { mark, word } = stateOf(boot);
  return line(
    page,
    clock(lastUnixMilli),
    whoIs(machine),
    'boot',
    mark,
    word,
    [about(boot), ...advice(boot)].join('  '),
  );
}

/** Where a boot is and why: `at tftp: timed-out (ipxe.efi)` */
export function about(boot: Boot): string {
  const { state, stage, reason, detail } = boot;
  if (state === 'BOOTING') {
    const fetching = reason === 'fetching' ? `fetching ${detail}` : undefined;
    return [boot.arch, boot.client, fetching].filter(Boolean).map(safe).join(', ');
  }
  if (state === 'BOOTED') return `in ${duration((boot.lastUnixMilli ?? 0) - (boot.startedUnixMilli ?? 0))}`;
  return `at ${lower(stage)}: ${safe(reason)}${inBrackets(detail)}`;
}

/** Events that nobody knows of any more, and when they happened. */
export function lost({ events = 0, fromUnixMilli = 0, toUnixMilli = 0, service }: Gap): string {
  const what = events === 1 ? 'one event' : `${events} events`;
  return `${what} of ${safe(service)} got lost, from ${dateAndTime(fromUnixMilli)} to ${dateAndTime(toUnixMilli)}`;
}

/** What its reason means, and what to do about it; nothing while all goes well. */
export function advice({ state, means, action }: Boot): readonly string[] {
  return state === 'BOOTING' || state === 'BOOTED' ? [] : [safe(means), `→ ${safe(action)}`];
}

function whoIs(machine: Machine | undefined): string {
  return safe(machine?.name || machine?.mac || machine?.address || 'nobody known');
}

/** The reason, what it speaks of, and its sentence. */
function whyNot({ stage, reason = '', details }: BootEvent): string {
  const means = isReason(reason) ? reasons[reason].means : '';
  // The file that DHCP names in a no is none, but a name that says no.
  const file = stage === 'DHCP' ? undefined : details?.file;
  const server = reason === 'other-server' ? details?.requestedServer : undefined;
  const told = [file, server, details?.detail].filter((one) => one !== undefined && one !== '');
  return `${safe(reason)}${inBrackets(told.join(': '))}: ${means}`;
}

/** What was served or heard: its text, or the file, for whom, how much, how long. */
function served({ stage, said, reason = '', details, durationMicros = 0, repeats = 0 }: BootEvent): string {
  const { file, ip, text, bytes, size: whole, detail } = details ?? {};
  // DHCP's file is a name, and its bytes are the packet's.
  const size = stage === 'DHCP' || file === undefined ? undefined : bytes;
  const parts = [
    text ?? file ?? detail,
    ip === undefined ? undefined : `for ${ip}`,
    size === undefined
      ? undefined
      : [size, said === 'fetching' ? whole : undefined]
          .filter((one) => one !== undefined)
          .map(grouped)
          .join(' of ')
          .concat(' bytes'),
    reason === 'ok' || reason === '' ? undefined : reason,
    text === undefined && durationMicros > 0 ? duration(durationMicros / 1000) : undefined,
    repeats > 0 ? `and ${repeats === 1 ? 'once' : `${repeats} times`} more` : undefined,
  ];
  return parts
    .filter((part) => part !== undefined && part !== '')
    .map(safe)
    .join('  ');
}

/** `400,000,000` */
function grouped(number: string): string {
  return Number(number).toLocaleString('en');
}

/** Text that may come from a machine, or from whoever named it. */
export function safe(text = ''): string {
  return escapeUnsafe(text).replaceAll('\t', ' ');
}

function inBrackets(text = ''): string {
  return text === '' ? '' : ` (${safe(text)})`;
}

function isReason(code: string): code is Reason {
  return Object.hasOwn(reasons, code);
}

function line(
  { paint, width, oneMachine }: Page,
  time: string,
  who: string,
  stage: string,
  [mark, style]: Mark,
  word: string | undefined,
  text: string,
): string {
  const saidBy = `${oneMachine ? '' : `${padTo(17, who)}  `}${stage.padEnd(6)}  `;
  const said = padTo(10, safe(word));
  const head = `${paint('dim', time)}  ${saidBy}${paint(style, `${mark} ${said}`)}  `;
  const indent = widthOf(`${time}  ${saidBy}${mark} ${said}  `);
  if (width === undefined) return `${head}${text}`.trimEnd();
  const [first = '', ...rest] = wrap(text, Math.max(narrowest, width - indent));
  return [`${head}${first}`.trimEnd(), ...rest.map((one) => ' '.repeat(indent) + one)].join('\n');
}
