import { type BenchLab, createBenchLab } from './bench-lab.ts';
import type { Counted } from './inside/storm/fleet.ts';
import { type Effort, type Figures, median, type Scenario, type Target } from './scenario.ts';
import { type Measured, readMetrics, watchMetrics } from './service-metrics.ts';
import { type Ground, prepareGround } from './storm-ground.ts';
import { startStorm } from './storm-run.ts';
import { startSmee, stopSide } from './storm-servers.ts';
import { growth } from './trend.ts';

const machines = 10_000;
const services: readonly Measured[] = ['hardware', 'dhcp', 'tftp', 'http'];

/** Machines that boot at a time while the top rate is looked for. */
const atOnce = 256;

/** Of the top rate. */
const part = 0.8;

/** Seconds: of the search for the top rate, of the soak, and of a window. */
const times = {
  full: { top: 30, soak: 600, window: 10 },
  quick: { top: 9, soak: 30, window: 3 },
} as const;

async function measure(effort: Effort): Promise<Figures> {
  const { top: searched, soak, window } = times[effort];
  await using lab = await createBenchLab(machines);
  const ground = await prepareGround(lab);
  const side = await startSmee(lab, ground);
  try {
    const first = await boots(lab, ground, searched, searched / 3, { inFlight: atOnce });
    const top = (first.at(-1)?.up ?? 0) / (searched / 3);
    const watch = watchMetrics(lab.prov, window, services);
    const windows = await boots(lab, ground, soak, window, { perSecond: top * part });
    await watch.stop();
    // What is said first is about the time before.
    const said = readMetrics(watch).slice(1);
    const figures = services.map((service) =>
      figuresOf(
        service,
        said.map((one) => one[service] ?? {}),
      ),
    );
    return Object.assign({ top, ...fleet(windows, window) }, ...figures) as Figures;
  } finally {
    await stopSide(side);
  }
}

/** The storm's machines, again and again; what happened in each window. */
async function boots(
  lab: BenchLab,
  { plan }: Ground,
  seconds: number,
  window: number,
  powerOn: { readonly perSecond?: number; readonly inFlight?: number },
): Promise<readonly Counted[]> {
  const storm = await startStorm(lab, { ...plan, powerOn: { ...powerOn, again: true }, seconds, window });
  const said = await storm.done(seconds * 1000 + 30_000);
  const lines = said.trim().split('\n');
  // The last is about a moment only.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Counted);
}

function fleet(windows: readonly Counted[], window: number): Figures {
  const half = Math.floor(windows.length / 2);
  const drift = (of: (one: Counted) => number) =>
    median(windows.slice(half).map(of)) / median(windows.slice(0, half).map(of));
  const sum = (of: (one: Counted) => number) => windows.reduce((total, one) => total + of(one), 0);
  return {
    rate: sum(({ up }) => up) / (windows.length * window),
    booted: sum(({ up }) => up),
    failed: sum(({ failed }) => failed),
    'asked again': sum(({ again }) => again.dhcp + again.tftp + again.http),
    p50: median(windows.map(({ dhcp }) => dhcp.p50)),
    p99: median(windows.map(({ dhcp }) => dhcp.p99)),
    'p99 worst': Math.max(...windows.map(({ dhcp }) => dhcp.p99)),
    'p50 drift': drift(({ dhcp }) => dhcp.p50),
    'p99 drift': drift(({ dhcp }) => dhcp.p99),
  };
}

/** Of one service, from what it said in each window. */
function figuresOf(service: Measured, said: readonly Readonly<Record<string, number>>[]): Figures {
  const of = (name: string, factor: number) => said.map((one) => (one[name] ?? Number.NaN) * factor);
  const rss = of('smee_process_resident_memory_bytes', 1e-6);
  const lag = of('smee_nodejs_eventloop_lag_p99_seconds', 1000);
  const lastHalf = rss.slice(Math.floor(rss.length / 2));
  return {
    [`${service} RSS`]: median(lastHalf),
    [`${service} growth`]: growth(lastHalf) * 100,
    [`${service} lag`]: median(lag),
    [`${service} lag worst`]: Math.max(...lag),
  };
}

const each = (what: string, figure: string, unit: string, digits = 0) => ({
  what,
  columns: Object.fromEntries(services.map((service) => [service, `${service} ${figure}`])),
  unit,
  digits,
});

const machinesSaw = (what: string, figure: string, unit: string, digits = 0) => ({
  what,
  columns: { machines: figure },
  unit,
  digits,
});

const bounds = (figure: string, what: string, atMost: number, unit: string): readonly Target[] =>
  services.map((service) => ({ what: `${service}: ${what}`, figure: `${service} ${figure}`, atMost, unit }));

export const soak: Scenario = {
  title: 'Ten minutes of storm',
  about: `The machines of the storm, over and over: first ${atOnce} at a time for ${times.full.top} seconds, which gives the top rate; then, for ${times.full.soak / 60} minutes, so many each
second that it is ${part * 100} % of that. Every ${times.full.window} seconds the services are asked for their memory and for the lag of their event loop (Node's
\`monitorEventLoopDelay\`, which looks every 10 ms and counts those in), and the machines for their DHCP latency. Growth of memory is the straight
line through the last half; drift is the median window of the last half by that of the first.`,
  measure,
  once: true,
  apart: true,
  shown: [
    machinesSaw('boots/s, the most', 'top', ''),
    machinesSaw('boots/s, held', 'rate', ''),
    machinesSaw('boots', 'booted', ''),
    machinesSaw('boots that failed', 'failed', ''),
    machinesSaw('asked again', 'asked again', ''),
    machinesSaw('DHCP: median', 'p50', ' ms', 1),
    machinesSaw('DHCP: 99th percentile, median window', 'p99', ' ms', 1),
    machinesSaw('DHCP: 99th percentile, worst window', 'p99 worst', ' ms', 1),
    each('RSS, median of the last half', 'RSS', ' MB'),
    each('growth of RSS over the last half', 'growth', ' %', 1),
    each('event-loop lag: 99th percentile, median window', 'lag', ' ms', 1),
    each('event-loop lag: 99th percentile, worst window', 'lag worst', ' ms', 1),
  ],
  targets: [
    { what: 'boots that failed', figure: 'failed', atMost: 0, unit: '' },
    { what: 'DHCP median, last half by first', figure: 'p50 drift', atMost: 1.25, unit: ' ×', digits: 2 },
    {
      what: 'DHCP 99th percentile, last half by first',
      figure: 'p99 drift',
      atMost: 1.25,
      unit: ' ×',
      digits: 2,
    },
    ...bounds('growth', 'growth of RSS over the last half', 5, ' %'),
    ...bounds('lag worst', 'event-loop lag, 99th percentile, worst window', 50, ' ms'),
  ],
};
