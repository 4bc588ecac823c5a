import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { type Figures, isMet, type Scenario, type Shown, type Target } from './scenario.ts';

const page = new URL('../docs/benchmarks.md', import.meta.url);

/** What the figures were measured on: nothing that names a host. */
export function describeMachine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'unknown processor'}, Linux ${release().split('-')[0]}, Node.js ${process.version}`;
}

/** A table: a row for each figure, a column for whomever it is about. */
export function describeResults(scenario: Scenario, figures: Figures): string {
  const columns = [...new Set(scenario.shown.flatMap((row) => Object.keys(row.columns)))];
  const rows = scenario.shown.map((row) => [
    row.what,
    ...columns.map((column) => cell(row, column, figures)),
  ]);
  return table(['median', ...columns], rows);
}

export function describeTargets(scenario: Scenario, figures: Figures): string {
  const rows = scenario.targets.map((target) => {
    const value = figures[target.figure] ?? Number.NaN;
    const measured = format(value, target.digits) + target.unit;
    return [target.what, bound(target), measured, isMet(target, value) ? 'met' : '**missed**'];
  });
  return table(['target', 'bound', 'measured', ''], rows);
}

/** Puts a scenario's results between its two marks in docs/benchmarks.md; what stands around them is ours to write. */
export async function writeResults(name: string, { title, about }: Scenario, text: string): Promise<void> {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const old = await readFile(page, 'utf8');
  const [before, rest] = [old.slice(0, old.indexOf(begin)), old.slice(old.indexOf(end))];
  if (!old.includes(begin) || !old.includes(end))
    throw new Error(`docs/benchmarks.md lacks ${begin} … ${end}`);
  const body = `## ${title}\n\n${about}\n\nMeasured on ${describeMachine()}.\n\n${text}`;
  await writeFile(page, `${before}${begin}\n${body}\n${rest}`);
}

function cell({ columns, unit, digits }: Shown, column: string, figures: Figures): string {
  const figure = columns[column];
  const value = figure === undefined ? undefined : figures[figure];
  if (value === undefined) return '';
  return column.includes('/') ? ratio(value) : format(value, digits) + unit;
}

function ratio(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(2)} ×` : '–';
}

function format(value: number, digits = 0): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}

function bound({ atLeast, atMost, unit, digits }: Target): string {
  return [
    ...(atLeast === undefined ? [] : [`≥ ${format(atLeast, digits)}${unit}`]),
    ...(atMost === undefined ? [] : [`≤ ${format(atMost, digits)}${unit}`]),
  ].join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
