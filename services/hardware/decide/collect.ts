import type { Violation } from '../wire/status.ts';
import type { Rule } from './rules.ts';

/** Gathers every violation of one record, each with the path of its field. */
export class Violations {
  readonly found: Violation[] = [];

  add(field: string, description: string): void {
    this.found.push({ field, description });
  }

  /** Applies a rule to a field that may be absent; empty is absent, as in proto3. */
  check(field: string, value: string | undefined, rule: Rule): void {
    if (value === undefined || value === '') return;
    const wrong = rule(value);
    if (wrong !== undefined) this.add(field, wrong);
  }

  require(field: string, value: string | undefined, rule: Rule): void {
    if (value === undefined || value === '') this.add(field, 'is required');
    else this.check(field, value, rule);
  }

  /** Applies a rule to every element of a list; an empty element is wrong there. */
  each(field: string, values: readonly string[] | undefined, most: number, rule: Rule): void {
    this.atMost(field, values, most);
    for (const [at, value] of (values ?? []).slice(0, most).entries())
      this.require(`${field}[${at}]`, value, rule);
  }

  /** Applies rules to the keys and values of a map. */
  map(
    field: string,
    map: Readonly<Record<string, string>> | undefined,
    most: number,
    value: Rule,
    key: Rule,
  ) {
    const entries = Object.entries(map ?? {});
    this.atMost(field, entries, most);
    for (const [name, text] of entries.slice(0, most)) {
      this.require(`${field} (key)`, name, key);
      this.check(`${field}[${JSON.stringify(name.slice(0, 64))}]`, text, value);
    }
  }

  atMost(field: string, list: readonly unknown[] | undefined, most: number): void {
    const length = list?.length ?? 0;
    if (length > most) this.add(field, `has ${length} elements; at most ${most} are accepted`);
  }
}
