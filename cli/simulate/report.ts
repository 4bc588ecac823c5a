import { type Reason, reasons } from '#shared/boot/reasons.ts';
import { formatHostPort } from '#shared/config.ts';
import { painter } from '../terminal.ts';
import type { Provisioner } from './boot.ts';
import { firmwares } from './firmware.ts';
import type { Identity } from './machine.ts';
import { type StepResult, stepNames } from './steps.ts';

/** How one machine's boot ended. */
interface Ending {
  readonly results: readonly StepResult[];
  /** The step that failed first; absent when it booted. */
  readonly failed: StepResult | undefined;
  readonly why: Reason | undefined;
  readonly ms: number;
}

/** Told everything as it happens. */
export interface Reporter {
  started(machine: Identity, provisioner: Provisioner): void;
  step(machine: Identity, result: StepResult): void;
  ended(machine: Identity, ending: Ending): void;
  finished(): void;
}

type Stream = NodeJS.WriteStream;

export function reporterFor({
  json,
  machines,
}: {
  readonly json: boolean;
  readonly machines: number;
}): Reporter {
  if (json) return jsonReporter(process.stdout);
  return machines === 1 ? storyReporter(process.stdout) : summaryReporter(process.stdout, machines);
}

/** One machine: each step as it happens. */
function storyReporter(stream: Stream): Reporter {
  const paint = painter(stream);
  return {
    started({ name, mac, address, firmware }, { dhcp }) {
      const who = [name, mac, address ?? 'no address', firmwares[firmware].title].join('  ');
      stream.write(`\n${paint('bold', who)}\n${paint('dim', `by ${formatHostPort(dhcp)}`)}\n\n`);
    },
    step(_machine, { step, ms, said, failure }) {
      const mark = failure === undefined ? paint('green', '✓') : paint('red', '✗');
      stream.write(`  ${mark} ${step.padEnd(13)} ${paint('dim', milliseconds(ms))}  ${said}\n`);
    },
    ended(_machine, { failed, why, ms }) {
      if (failed === undefined) stream.write(`\n${paint('green', `booted in ${milliseconds(ms).trim()}`)}\n`);
      else stream.write(`\n${paint('red', `failed at ${failed.step}`)}: ${failed.said}\n${advice(why)}`);
    },
    finished() {},
  };
}

/** Many machines: how far they are, then the times of each step, then who failed. */
function summaryReporter(stream: Stream, machines: number): Reporter {
  const paint = painter(stream);
  const endings: (readonly [Identity, Ending])[] = [];
  const every = stream.isTTY ? 1 : Math.ceil(machines / 10);
  return {
    started() {},
    step() {},
    ended(machine, ending) {
      endings.push([machine, ending]);
      if (endings.length % every !== 0 && endings.length !== machines) return;
      const failed = endings.filter(([, one]) => one.failed !== undefined).length;
      const line = `${endings.length} of ${machines} done${failed === 0 ? '' : `, ${failed} failed`}`;
      stream.write(stream.isTTY ? `\r${line}` : `${line}\n`);
    },
    finished() {
      if (stream.isTTY) stream.write('\n');
      stream.write(`\n${timesTable(endings.flatMap(([, { results }]) => results))}\n`);
      const failures = endings.filter(([, { failed }]) => failed !== undefined);
      const total = milliseconds(Math.max(...endings.map(([, { ms }]) => ms))).trim();
      if (failures.length === 0)
        stream.write(paint('green', `all ${machines} machines booted in ${total}\n`));
      else
        stream.write(
          `${paint('red', `${failures.length} of ${machines} machines failed`)}\n${failureList(failures)}`,
        );
    },
  };
}

/** For programs: one line per machine. */
function jsonReporter(stream: Stream): Reporter {
  return {
    started() {},
    step() {},
    ended({ name, mac, firmware }, { results, failed, why, ms }) {
      const steps = results.map(({ step, ms, said, failure }) => ({
        step,
        ms,
        said,
        ok: failure === undefined,
      }));
      const line = {
        name,
        mac,
        firmware,
        booted: failed === undefined,
        ms,
        failed: failed?.step,
        why,
        steps,
      };
      stream.write(`${JSON.stringify(line)}\n`);
    },
    finished() {},
  };
}

/** Median, 99th percentile and maximum of each step, of those that it worked for. */
export function timesTable(results: readonly StepResult[]): string {
  const rows = stepNames.flatMap((step) => {
    const ofStep = results.filter((result) => result.step === step);
    if (ofStep.length === 0) return [];
    const times = ofStep.filter(({ failure }) => failure === undefined).map(({ ms }) => ms);
    times.sort((a, b) => a - b);
    const failed = ofStep.length - times.length;
    const columns = [0.5, 0.99, 1].map((part) =>
      times.length === 0 ? '–'.padStart(9) : milliseconds(rank(times, part)),
    );
    return [
      `${step.padEnd(13)} ${String(times.length).padStart(7)} ${String(failed).padStart(7)}  ${columns.join(' ')}`,
    ];
  });
  const head = `${'step'.padEnd(13)} ${'done'.padStart(7)} ${'failed'.padStart(7)}  ${['median', 'p99', 'max'].map((name) => name.padStart(9)).join(' ')}`;
  return `${[head, ...rows].join('\n')}\n`;
}

/** Nearest rank of sorted numbers. */
function rank(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/** The same failure of many machines is one line. */
function failureList(failures: readonly (readonly [Identity, Ending])[]): string {
  const groups = Map.groupBy(failures, ([, { failed, why }]) => `${failed?.step} ${why ?? failed?.said}`);
  return [...groups.values()]
    .map((group) => {
      const [first] = group;
      if (first === undefined) return '';
      const [machine, { failed, why }] = first;
      const more = group.length === 1 ? '' : ` and ${group.length - 1} more`;
      return `  ${failed?.step}: ${failed?.said} (${machine.mac}${more})\n${advice(why)}`;
    })
    .join('');
}

function advice(why: Reason | undefined): string {
  return why === undefined ? '' : `  ${why}: ${reasons[why].means} ${reasons[why].action}\n`;
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en')} ms`.padStart(9);
}
