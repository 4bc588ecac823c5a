import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describeRows, describeScenario } from './report.ts';
import type { Figures, Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));
const kept = `${docs}benchmarks.json`;
const page = `${docs}benchmarks.md`;

/** What a scenario gave when it was measured last. */
interface Result {
  /** Processors, kernel and Node, as `describeMachine` says. */
  readonly machine: string;
  /** Medians. */
  readonly figures: Figures;
}

type Results = Readonly<Record<string, Result>>;

/** What the figures were measured on: nothing that names a host. */
export function describeMachine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'unknown processor'}, Linux ${release().split('-')[0]}, Node.js ${process.version}`;
}

/** Keeps a scenario's medians in docs/benchmarks.json, draws its pictures, and writes the page anew. */
export async function keepResults(name: string, figures: Figures): Promise<void> {
  const results = { ...readResults(), [name]: { machine: describeMachine(), figures: rounded(figures) } };
  await writeFile(kept, `${JSON.stringify(results, null, 2)}\n`);
  for (const [file, content] of Object.entries(generatedFrom(await readFile(page, 'utf8'))))
    await writeFile(docs + file, content);
}

/** All that is made of the figures that were kept, by its path below docs/: the page and its pictures. */
export function generatedFrom(oldPage: string): Readonly<Record<string, string>> {
  const drawn = Object.entries(readResults()).flatMap(([name, { figures }]) =>
    Object.entries(pictures(scenarios[name], figures)).map(([file, svg]) => [`images/${file}`, svg]),
  );
  return { ...Object.fromEntries(drawn), 'benchmarks.md': describePage(oldPage) };
}

/** The page, with what lies between a scenario's marks made anew of the figures that were kept; what stands around them is ours to write. */
function describePage(old: string): string {
  const results = readResults();
  const measured = Object.entries(scenarios).flatMap(([name, scenario]) => {
    const result = results[name];
    return result === undefined ? [] : [{ name, scenario, ...result }];
  });
  let text = between(old, 'rows', describeRows(measured.map(({ scenario, figures }) => [scenario, figures])));
  for (const { name, scenario, machine, figures } of measured) {
    const shown = Object.entries(pictures(scenario, figures)).map(
      ([file, svg]) => `![${/<title[^>]*>([^<]*)</.exec(svg)?.[1] ?? file}](images/${file})`,
    );
    const parts = [`## ${scenario.title}`, scenario.about, `Measured on ${machine}.`, ...shown];
    text = between(text, name, [...parts, describeScenario(scenario, figures)].join('\n\n'));
  }
  return text;
}

function pictures(scenario: Scenario | undefined, figures: Figures): Readonly<Record<string, string>> {
  return scenario?.draw?.(figures) ?? {};
}

function readResults(): Results {
  return JSON.parse(readFileSync(kept, 'utf8')) as Results;
}

function between(text: string, name: string, body: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  if (!text.includes(begin) || !text.includes(end))
    throw new Error(`docs/benchmarks.md lacks ${begin} … ${end}`);
  return `${text.slice(0, text.indexOf(begin))}${begin}\n${body}\n${text.slice(text.indexOf(end))}`;
}

/** To five digits, which is more than any of them repeats; what is no number is left out. */
function rounded(figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures)
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => [name, Number(value.toPrecision(5))]),
  );
}
