/**
 * `npm run bench [-- --quick] [-- --assert] [-- NAME …]`: runs the scenarios, prints what they gave, and writes it into
 * docs/benchmarks.md. `--assert` exits with 1 when the median of a figure misses its target. `--quick` runs each once, shorter,
 * and writes nothing.
 */
import { Command } from 'commander';
import { dashboard } from './dashboard.ts';
import { dhcpReporting } from './dhcp-reporting.ts';
import { dhcpReservations } from './dhcp-reservations.ts';
import { hundredThousand } from './hundred-thousand.ts';
import { describeMachine, describeResults, describeTargets, writeResults } from './report.ts';
import { type Figures, isMet, median, type Scenario } from './scenario.ts';
import { tftp } from './tftp.ts';

const scenarios: Readonly<Record<string, Scenario>> = {
  'dhcp-reservations': dhcpReservations,
  'dhcp-reporting': dhcpReporting,
  'hundred-thousand': hundredThousand,
  dashboard,
  tftp,
};

/** Runs of each scenario; what is reported of each figure is its median. */
const repetitions = 5;

const options = new Command('bench')
  .argument('[scenarios...]', `which of ${Object.keys(scenarios).join(', ')}; all when none is named`)
  .option('--assert', 'exit with 1 when a target is missed')
  .option('--quick', 'one short run of each, nothing is written')
  .parse();
const { assert = false, quick = false } = options.opts<{ assert?: boolean; quick?: boolean }>();
const names = options.args.length === 0 ? Object.keys(scenarios) : options.args;

const say = (text: string) => process.stdout.write(`${text}\n`);
let missed = 0;
say(describeMachine());
for (const name of names) {
  const scenario = scenarios[name];
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const figures = medians(await repeat(name, scenario));
  const text = [describeResults(scenario, figures), describeTargets(scenario, figures)].join('\n\n');
  say(`\n## ${scenario.title}\n\n${text}`);
  missed += scenario.targets.filter((target) => !isMet(target, figures[target.figure] ?? Number.NaN)).length;
  if (!quick) await writeResults(name, scenario, text);
}
say(missed === 0 ? '\nevery target is met' : `\n${missed} targets are missed`);
if (assert && missed > 0) process.exitCode = 1;

async function repeat(name: string, scenario: Scenario): Promise<Figures[]> {
  const runs: Figures[] = [];
  const wanted = quick ? 1 : repetitions;
  while (runs.length < wanted) {
    const started = performance.now();
    runs.push(await scenario.measure(quick ? 'quick' : 'full'));
    say(`${name} ${runs.length}/${wanted}: ${Math.round((performance.now() - started) / 1000)} s`);
  }
  return runs;
}

function medians(runs: readonly Figures[]): Figures {
  const all = Object.keys(runs[0] ?? {});
  return Object.fromEntries(
    all.map((figure) => [figure, median(runs.map((run) => run[figure] ?? Number.NaN))]),
  );
}
