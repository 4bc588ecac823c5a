import { ConfigError } from './errors.ts';
import { formatIp4, type Ip4, parseIp4 } from './ip4.ts';

/**
 * Settings: one table per service names every setting once; this reader turns tables, environment and arguments into typed
 * values, pure, and reports every problem at once. Every setting is an environment variable (`SMEE_DHCP_MODE`) and a flag
 * (`--dhcp-mode`); the flag wins. Flags follow Go's syntax, as Smee's do: `-x`, `--x`, `-x=v`, `--x v`; a boolean is set
 * false only as `-x=false`.
 */
export interface Setting<T> {
  /** `dhcp-mode` */
  readonly flag: string;
  readonly kind: Kind<NonNullable<T>>;
  /** As it would be written; undefined when there is none. */
  readonly default: string | undefined;
  /** One sentence, for `--help` and docs/configuration.md. */
  readonly help: string;
  /** The value never appears in a message. */
  readonly secret: boolean;
  /** `TINKERBELL_…` is read too, where Tinkerbell's form of Smee has this setting and the standalone release has not. */
  readonly tinkerbell: boolean;
  /** Variables that other programs have for this, and that are read when ours is not set, the first one first. */
  readonly standard: readonly string[];
}

export type Table = Readonly<Record<string, Setting<unknown>>>;
export type Values<T extends Table> = { readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never };

/** How a value is written and read. */
export interface Kind<T> {
  /** For help: `duration`, `host:port`, `reservation|proxy`. */
  readonly name: string;
  /** The value, or what is wrong with the text. */
  parse(text: string): T | Wrong;
  /** A text from which the same value is read again. */
  print(value: T): string;
}

/** What is wrong with a text, as the end of a sentence: "must be 1 to 65535". */
export class Wrong {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

interface Extra {
  readonly secret?: boolean;
  readonly tinkerbell?: boolean;
  readonly standard?: readonly string[];
}

/** A setting with a default, or (`undefined`) one that may be absent. */
export function setting<T>(
  flag: string,
  kind: Kind<T>,
  value: string,
  help: string,
  extra?: Extra,
): Setting<T>;
export function setting<T>(
  flag: string,
  kind: Kind<T>,
  value: undefined,
  help: string,
  extra?: Extra,
): Setting<T | undefined>;
export function setting<T>(
  flag: string,
  kind: Kind<T>,
  value: string | undefined,
  help: string,
  extra: Extra = {},
): Setting<T | undefined> {
  const { secret = false, tinkerbell = false, standard = [] } = extra;
  return { flag, kind: kind as Kind<NonNullable<T>>, default: value, help, secret, tinkerbell, standard };
}

/** `dhcp-mode` → `SMEE_DHCP_MODE` */
export function variableOf(flag: string, prefix: 'SMEE' | 'TINKERBELL' = 'SMEE'): string {
  return `${prefix}_${flag.toUpperCase().replaceAll('-', '_')}`;
}

export interface Source {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without the program's name. */
  readonly args: readonly string[];
}

/**
 * Reads a table. An empty variable counts as unset, as compose files write it.
 * @throws {ConfigError} with every problem
 */
export function readSettings<T extends Table>(table: T, source: Source): Values<T> {
  return readTables({ only: table }, source).only as Values<T>;
}

/** Reads several tables from one source; a flag may stand in more than one. @throws {ConfigError} with every problem */
export function readTables<G extends Readonly<Record<string, Table>>>(
  tables: G,
  source: Source,
): { readonly [K in keyof G]: Values<G[K]> } {
  const problems = new Set<string>();
  const known = new Map(
    Object.values(tables).flatMap((table) => Object.values(table).map((one) => [one.flag, one] as const)),
  );
  const flags = readFlags(source.args, known, problems);

  const read = (one: Setting<unknown>): unknown => {
    const [where, text] = find(one, flags, source.env);
    if (text === undefined) return undefined;
    const value = one.kind.parse(text);
    if (!(value instanceof Wrong)) return value;
    problems.add(`${where}${one.secret ? '' : `=${JSON.stringify(text)}`}: ${value.what}`);
    return undefined;
  };
  const values = Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [
      name,
      Object.fromEntries(Object.entries(table).map(([key, one]) => [key, read(one)])),
    ]),
  );
  if (problems.size > 0) throw new ConfigError([...problems]);
  return values as { readonly [K in keyof G]: Values<G[K]> };
}

function find(
  one: Setting<unknown>,
  flags: ReadonlyMap<string, string>,
  env: Source['env'],
): readonly [where: string, text: string | undefined] {
  const flag = flags.get(one.flag);
  // `-osie-url=` takes back what the environment says.
  if (flag === '' && one.default === undefined) return [`--${one.flag}`, undefined];
  if (flag !== undefined) return [`--${one.flag}`, flag];
  for (const name of variablesOf(one)) {
    const text = env[name];
    if (text !== undefined && text !== '') return [name, text];
  }
  return [`the default of --${one.flag}`, one.default];
}

/** Where a setting is read from when no flag says it, the first one first. */
export function variablesOf({ flag, tinkerbell, standard }: Setting<unknown>): readonly string[] {
  return [variableOf(flag), ...(tinkerbell ? [variableOf(flag, 'TINKERBELL')] : []), ...standard];
}

function readFlags(
  args: readonly string[],
  known: ReadonlyMap<string, Setting<unknown>>,
  problems: Set<string>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [, name, , inline] = /^--?([a-z0-9][a-z0-9-]*)(=(.*))?$/s.exec(arg) ?? [];
    const one = name === undefined ? undefined : known.get(name);
    if (name === undefined) {
      // Not repeated: it may be the rest of a secret that was given without quotes.
      problems.add(`argument ${at + 1}: is not a flag; --help lists them`);
    } else if (one === undefined) {
      problems.add(`--${name}: no such flag; --help lists them`);
    } else if (inline !== undefined) found.set(name, inline);
    else if (one.kind === bool) found.set(name, 'true');
    else {
      const next = args[++at];
      if (next === undefined) problems.add(`--${name}: needs a value (${one.kind.name})`);
      else found.set(name, next);
    }
  }
  return found;
}

/** The text of `--help`: each flag with its variable, kind, default and meaning. */
export function helpText(program: string, table: Table): string {
  const rows = Object.values(table).map((one) => {
    const value = one.default === undefined ? '' : ` (default ${one.default})`;
    return `  --${one.flag} <${one.kind.name}>  ${variableOf(one.flag)}\n        ${one.help}${value}`;
  });
  return `Usage: ${program} [flags]\n\nEvery flag is also an environment variable; the flag wins.\n\n${rows.join('\n')}\n`;
}

// The kinds.

export const text: Kind<string> = { name: 'text', parse: (value) => value, print: String };

export const bool: Kind<boolean> = {
  name: 'true|false',
  parse(value) {
    if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
    if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return false;
    return new Wrong('must be true or false');
  },
  print: String,
};

export function oneOf<const T extends string>(...choices: readonly T[]): Kind<T> {
  return {
    name: choices.join('|'),
    parse: (value) =>
      choices.find((choice) => choice === value) ?? new Wrong(`must be one of ${choices.join(', ')}`),
    print: String,
  };
}

export function integer(min: number, max: number): Kind<number> {
  return {
    name: 'number',
    parse(value) {
      const number = Number(value);
      return /^\d+$/.test(value) && number >= min && number <= max
        ? number
        : new Wrong(`must be a whole number from ${min} to ${max}`);
    },
    print: String,
  };
}

export const port: Kind<number> = { ...integer(0, 65_535), name: 'port' };

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** What a timer can wait for, in milliseconds: 24 days. */
const longestDuration = 0x7fff_ffff;

/** Go's durations (`5s`, `1m30s`, `250ms`) or plain seconds; the value is in milliseconds, to a nanosecond. */
export const duration: Kind<number> = {
  name: 'duration',
  parse(value) {
    const plain = /^\d+(\.\d+)?$/.test(value);
    if (!plain && !/^(\d+(\.\d+)?([nuµm]?s|m|h))+$/.test(value))
      return new Wrong('must be a duration such as 5s, 1m30s or 250ms');
    let total = plain ? Number(value) * 1000 : 0;
    for (const [, amount, unit = ''] of value.matchAll(/(\d+(?:\.\d+)?)([nuµm]?s|m|h)/g)) {
      total += Number(amount) * (units[unit] ?? 0);
    }
    return total <= longestDuration
      ? Math.round(total * 1e6) / 1e6
      : new Wrong('must not be longer than 24 days');
  },
  print: (value) => `${value}ms`,
};

export const ip4: Kind<Ip4> = {
  name: 'IPv4 address',
  parse: (value) => parseIp4(value) ?? new Wrong('must be an IPv4 address such as 192.168.77.1'),
  print: formatIp4,
};

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:50051`, `hardware:50051`, `[::1]:50051`, `:9101` (all addresses). */
export const hostPort: Kind<HostPort> = {
  name: 'host:port',
  parse(value) {
    const [, bracketed, plain, digits] =
      /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]*)):(\d{1,5})$/.exec(value) ?? [];
    const number = Number(digits);
    if (digits === undefined || number > 65_535)
      return new Wrong('must be host:port, such as 127.0.0.1:50051');
    return { host: bracketed ?? (plain === '' || plain === undefined ? '0.0.0.0' : plain), port: number };
  },
  print: ({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`),
};

/** As URLs and people write it: `127.0.0.1:50051`, `[::1]:50051`. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `http://…` or `https://…` */
export const httpUrl: Kind<URL> = {
  name: 'URL',
  parse(value) {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url?.protocol === 'http:' || url?.protocol === 'https:'
      ? url
      : new Wrong('must be an http:// or https:// URL');
  },
  print: ({ href }) => href,
};

/** Comma-separated; white space around the elements is dropped. */
export function list<T>(kind: Kind<T>): Kind<readonly T[]> {
  return {
    name: `${kind.name},…`,
    parse(value) {
      const parts = value.split(',').map((part) => part.trim());
      const values: T[] = [];
      const problems: string[] = [];
      for (const [at, part] of parts.filter((one) => one !== '').entries()) {
        const parsed = kind.parse(part);
        if (parsed instanceof Wrong) problems.push(`element ${at + 1} ${parsed.what}`);
        else values.push(parsed);
      }
      if (problems.length === 0) return values;
      return new Wrong(problems.join('; '));
    },
    print: (values) => values.map(kind.print).join(','),
  };
}
