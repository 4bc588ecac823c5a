import type { Reason } from '../boot/reasons.ts';
import type { DetailName } from './details.ts';

/** Where in a boot something happens; `os` is the operating system itself, phoning home. */
export type Stage = 'dhcp' | 'tftp' | 'http' | 'iso' | 'syslog' | 'os';

/** `yes`: the machine got what it asked for; `no`: it did not; `heard`: neither was asked for. */
export type Outcome = 'yes' | 'no' | 'heard';

/** What the contract calls them. */
export const stageNames = {
  dhcp: 'DHCP',
  tftp: 'TFTP',
  http: 'HTTP',
  iso: 'ISO',
  syslog: 'SYSLOG',
  os: 'OS',
} as const satisfies Record<Stage, string>;
export const outcomeNames = { yes: 'YES', no: 'NO', heard: 'HEARD' } as const satisfies Record<
  Outcome,
  string
>;

/** The other way round; undefined for what the contract of another release calls so. */
export const stageOfName = reversed<Stage>(stageNames);
export const outcomeOfName = reversed<Outcome>(outcomeNames);

function reversed<T extends string>(
  names: Readonly<Record<T, string>>,
): Readonly<Record<string, T | undefined>> {
  const ours = Object.keys(names) as T[];
  return Object.fromEntries(ours.map((one) => [names[one], one]));
}

type Details = { readonly [N in DetailName]?: string | number | undefined };

/**
 * One thing that happened to one machine, as the service tells it that answered. It holds what the service's log line holds,
 * under the same names: never a script, a kernel argument, a token or a query string.
 */
export interface BootEvent {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  /** Undefined when nothing says whose it is; its source address may still tell. */
  readonly mac: string | undefined;
  /** The record's name; undefined for a stranger. */
  readonly name?: string | undefined;
  /** DHCP option 97, with dashes. */
  readonly clientUuid?: string | undefined;
  /** Where its packets come from; in an answer of DHCP, the address that it is given. */
  readonly address?: string | undefined;
  readonly stage: Stage;
  readonly outcome: Outcome;
  readonly why: Reason;
  /** OFFER, ACK, NAK, silent, DATA, ERROR, script, loader, asset, artifact, iso, message, phone-home; fetching, while it goes on. */
  readonly said: string;
  /** In fields as the log names them; what is undefined is left out. */
  readonly details: Details;
  /** From the first byte of the request to the last of the answer. */
  readonly ms: number;
  readonly traceId?: string | undefined;
  readonly xid?: number | undefined;
  /** Of a fetch that was told to be under way: 16 hex digits, the same in all that is told of it. */
  readonly fetch?: string | undefined;
  /** How often the very same happened again without being told. */
  readonly repeats?: number | undefined;
}

export type Facts = Readonly<Record<string, string>>;

/** Where a service tells what happened. */
export interface Reporter extends AsyncDisposable {
  /**
   * @param look what this service finds on its host that its decisions depend on, in a text each: told beside its settings. It is
   *   called every few seconds, and what it finds told again when it is something else.
   */
  know(look: () => Facts | Promise<Facts>): void;
  /** Costs next to nothing, and never blocks or throws: what cannot be kept is dropped, and counted. */
  tell(event: BootEvent): void;
}
