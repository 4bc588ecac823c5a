import { type Bound, type Figures, isMet, type Row, type Scenario, type Shown } from './scenario.ts';

/** What a scenario gave: its figures, then its targets. */
export function describeScenario(scenario: Scenario, figures: Figures): string {
  const parts = [describeResults(scenario, figures)];
  if (scenario.targets.length > 0) parts.push(describeTargets(scenario, figures));
  return parts.join('\n\n');
}

/** The table of every promise: what a peer does, what we do, the ratio, what is asked, and what no program could pass. */
export function describeRows(measured: readonly (readonly [scenario: Scenario, figures: Figures])[]): string {
  const all = measured.flatMap(([{ rows = [] }, figures]) => rows.map((row) => ({ row, figures })));
  if (all.length === 0) return '';
  const lines = all.map(({ row, figures }) => [
    row.work,
    row.peer === undefined ? '–' : `${amount(row, figures[row.peer.figure])} (${row.peer.name})`,
    amount(row, figures[row.ours]),
    row.ratio === undefined ? '–' : ratio(figures[row.ratio]),
    bound(row.target),
    row.limit.figure === undefined
      ? row.limit.name
      : `${amount(row, figures[row.limit.figure])} (${row.limit.name})`,
    verdict(row, figures),
  ]);
  const walls = all.flatMap(({ row, figures }) => describeWall(row, figures));
  return [
    table(['work', 'peer', 'smee', 'smee / peer', 'target', 'limit', ''], lines),
    ...(walls.length > 0 ? [walls.join('\n')] : []),
  ].join('\n\n');
}

function verdict({ target, wall }: Row, figures: Figures): string {
  if (isMet(target, figures)) return 'met';
  return wall === undefined ? '**missed**' : `missed by ${shortfall(target, figures)}`;
}

/** Of the bound, in percent. */
function shortfall({ figure, atLeast, atMost }: Bound, figures: Figures): string {
  const value = figures[figure] ?? Number.NaN;
  const part = atLeast !== undefined && value < atLeast ? 1 - value / atLeast : value / (atMost ?? 0) - 1;
  return Number.isFinite(part) ? `${Math.round(part * 100)} %` : 'an unknown amount';
}

function describeWall({ work, target, wall }: Row, figures: Figures): string[] {
  if (wall === undefined || isMet(target, figures)) return [];
  return [
    `- **${work}** misses its target by ${shortfall(target, figures)}; what is held is ${bound(wall.floor)}. Tried: ${wall.tried} The wall: ${wall.profile}`,
  ];
}

/** A table: a row for each figure, a column for whomever it is about. */
function describeResults(scenario: Scenario, figures: Figures): string {
  const columns = [...new Set(scenario.shown.flatMap((row) => Object.keys(row.columns)))];
  const rows = scenario.shown.map((row) => [
    row.what,
    ...columns.map((column) => cell(row, column, figures)),
  ]);
  return table([scenario.once ? '' : 'median', ...columns], rows);
}

function describeTargets(scenario: Scenario, figures: Figures): string {
  const rows = scenario.targets.map((target) => [
    target.what,
    bound(target),
    amount(target, figures[target.figure]),
    isMet(target, figures) ? 'met' : '**missed**',
  ]);
  return table(['target', 'bound', 'measured', ''], rows);
}

function cell(row: Shown, column: string, figures: Figures): string {
  const figure = row.columns[column];
  const value = figure === undefined ? undefined : figures[figure];
  if (value === undefined) return '';
  return column.includes('/') ? ratio(value) : amount(row, value);
}

function ratio(value = Number.NaN): string {
  return Number.isFinite(value) ? `${value.toFixed(2)} ×` : '–';
}

interface Measure {
  readonly unit: string;
  readonly digits?: number;
}

function amount({ unit, digits = 0 }: Measure, value = Number.NaN): string {
  return Number.isFinite(value) ? value.toFixed(digits) + unit : '–';
}

function bound({ atLeast, atMost, ...measure }: Bound): string {
  return [
    ...(atLeast === undefined ? [] : [`≥ ${amount(measure, atLeast)}`]),
    ...(atMost === undefined ? [] : [`≤ ${amount(measure, atMost)}`]),
  ].join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
