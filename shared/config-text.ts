import { type Table, type Values, Wrong } from './config.ts';
import { ConfigError } from './errors.ts';

/** Settings by flag, as they would be written. */
export type SettingTexts = Readonly<Record<string, string>>;

/**
 * By what a service decides, for another process to read. What is unset, and what is secret (or a URL with credentials or a
 * query, which may be a token), is left out; the secret ones that are set are named.
 */
export function settingsText<T extends Table>(
  table: T,
  values: Values<T>,
): { readonly texts: SettingTexts; readonly withheld: readonly string[] } {
  const texts: Record<string, string> = {};
  const withheld: string[] = [];
  for (const [key, { flag, kind, secret }] of Object.entries(table)) {
    const value: unknown = values[key];
    if (value === undefined || value === null) continue;
    if (secret || mayHoldSecret(value)) withheld.push(flag);
    else texts[flag] = kind.print(value);
  }
  return { texts, withheld };
}

function mayHoldSecret(value: unknown): boolean {
  return value instanceof URL && `${value.username}${value.password}${value.search}${value.hash}` !== '';
}

/**
 * The settings of another process, from what it told. What it did not tell has its default here; flags that this table lacks are
 * passed over, for the other may be newer.
 * @throws {ConfigError} with every text that does not fit
 */
export function parseSettings<T extends Table>(table: T, texts: SettingTexts): Values<T> {
  const problems: string[] = [];
  const read = ({ flag, kind, default: usual }: Table[string]): unknown => {
    const text = texts[flag] ?? usual;
    const value = text === undefined ? undefined : kind.parse(text);
    if (!(value instanceof Wrong)) return value;
    problems.push(`${flag}: ${value.what}`);
    return undefined;
  };
  const values = Object.fromEntries(Object.entries(table).map(([key, one]) => [key, read(one)]));
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Values<T>;
}
