/**
 * `npm run bench [-- --quick] [-- --assert [--rows]] [-- NAME …]`: runs the scenarios, prints what they gave, and writes the medians
 * into docs/benchmarks.json and from there into docs/benchmarks.md. `--assert` exits with 1 when a target is missed, with `--rows` also
 * when a line of the table is, which is what we aim at. `--quick` runs each once, shorter, and writes nothing. A line of the table
 * without its figures fails in any case.
 */
import { Command } from 'commander';
import { installPeers } from './peers.ts';
import { describeRows, describeScenario } from './report.ts';
import { describeMachine, keepResults } from './results.ts';
import { type Figures, lackingIn, mediansOf, missedBy, type Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** Runs of each scenario; what is reported of each figure is its median. */
const repetitions = 5;

const options = new Command('bench')
  .argument('[scenarios...]', `which of ${Object.keys(scenarios).join(', ')}; most when none is named`)
  .option('--assert', 'exit with 1 when a target of a scenario is missed')
  .option('--rows', 'with --assert: also when a line of the table is missed')
  .option('--quick', 'one short run of each, nothing is written')
  .parse();
const {
  assert = false,
  rows = false,
  quick = false,
} = options.opts<{ assert?: boolean; rows?: boolean; quick?: boolean }>();
const unknown = options.args.filter((name) => scenarios[name] === undefined);
if (unknown.length > 0)
  options.error(`there is no scenario ${unknown.join(', ')}: ${Object.keys(scenarios).join(', ')}`);
const chosen = Object.entries(scenarios).filter(([name, { apart = false }]) =>
  options.args.length === 0 ? !apart : options.args.includes(name),
);

const say = (text: string) => process.stdout.write(`${text}\n`);
const begun = performance.now();
const seconds = (since: number) => `${Math.round((performance.now() - since) / 1000)} s`;
installPeers(say);
say(describeMachine());
const measured: (readonly [name: string, scenario: Scenario, figures: Figures])[] = [];
for (const [name, scenario] of chosen) {
  const figures = mediansOf(await repeat(name, scenario));
  measured.push([name, scenario, figures]);
  say(`\n## ${scenario.title}\n\n${describeScenario(scenario, figures)}\n`);
  if (!quick) await keepResults(name, figures);
}

say(`\n${describeRows(measured.map(([, scenario, figures]) => [scenario, figures]))}\n`);
const lacking = measured.flatMap(([name, scenario, figures]) =>
  lackingIn(scenario, figures).map((figure) => `${name}: no figure "${figure}"`),
);
const missedOf = (part: Partial<Scenario>) =>
  measured.flatMap(([name, scenario, figures]) =>
    missedBy({ ...scenario, ...part }, figures).map(({ what }) => `${name}: ${what}`),
  );
const missed = missedOf({ rows: [] });
const behind = missedOf({ targets: [] });
say(`after ${seconds(begun)}`);
for (const line of lacking) say(`lacking: ${line}`);
for (const line of missed) say(`missed: ${line}`);
for (const line of behind) say(`not reached yet: ${line}`);
if (lacking.length === 0)
  say(missed.length === 0 ? 'every target is met' : `${missed.length} targets are missed`);
if (lacking.length > 0 || (assert && (missed.length > 0 || (rows && behind.length > 0))))
  process.exitCode = 1;

async function repeat(name: string, scenario: Scenario): Promise<Figures[]> {
  const runs: Figures[] = [];
  const wanted = quick || scenario.once ? 1 : repetitions;
  while (runs.length < wanted) {
    const started = performance.now();
    runs.push(await scenario.measure(quick ? 'quick' : 'full'));
    say(`${name} ${runs.length}/${wanted}: ${seconds(started)}`);
  }
  return runs;
}
