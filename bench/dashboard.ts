import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { News } from '../services/dashboard/wire/api.ts';
import { bootClient, TestReporter } from '../test/support/boot-events.ts';
import { TestBrowser } from '../test/support/browser.ts';
import { EventStream } from '../test/support/event-stream.ts';
import { ServiceProcess } from '../test/support/service-process.ts';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { until } from '../test/support/until.ts';
import { bootOf, fillWithBoots, perBoot } from './dashboard-load.ts';
import { macOfMachine, seedDatabase } from './records.ts';
import { type Effort, type Figures, median, mediansOf, type Scenario } from './scenario.ts';

const sizes = {
  full: { machines: 10_000, boots: 10, booting: 1000, looks: 5 },
  quick: { machines: 1000, boots: 2, booting: 200, looks: 2 },
} as const;

/** Between two steps of the machines that boot at once, in milliseconds: each boots in five seconds. */
const step = 500;

async function measure(effort: Effort): Promise<Figures> {
  const { machines, boots, booting, looks } = sizes[effort];
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  const database = join(path, 'smee.db');
  seedDatabase(database, machines);
  const hardware = stack.use(
    await ServiceProcess.start('hardware', `--sqlite-path=${database}`, '--boots-events=2000000'),
  );
  const { port } = hardware.address;
  await fillWithBoots(port, machines, boots);
  const dashboard = stack.use(await ServiceProcess.start('dashboard', `--hardware-addr=127.0.0.1:${port}`));
  const url = `http://127.0.0.1:${dashboard.address.port}`;
  const opened = await open(url, looks);
  const storms: Figures[] = [];
  while (storms.length < looks) {
    const delays = await boot(port, url, booting);
    storms.push({
      'event median': median(delays),
      'event worst': Math.max(...delays),
      'events lost': booting * perBoot - delays.length,
    });
  }
  return { interactive: median(opened), 'interactive worst': Math.max(...opened), ...mediansOf(storms) };
}

/** From the start of the navigation, in a profile without a cache, until a machine can be opened and a search be typed. */
async function open(url: string, looks: number): Promise<readonly number[]> {
  await using browser = await TestBrowser.start({
    skip() {
      throw new Error('this needs Chromium');
    },
  });
  const took: number[] = [];
  for (let look = 0; look < looks; look++) {
    await using opened = await browser.open(url);
    await opened.page.locator('[data-row]').first().waitFor();
    // By the page's own clock, when its first row was drawn: the way of the question to here is not the page's.
    took.push(
      Number(await opened.page.evaluate("performance.getEntriesByName('smee-interactive')[0]?.startTime")),
    );
  }
  return took;
}

/** Lets machines boot at once; how long each event took from its report to a browser's stream, in milliseconds. */
async function boot(port: number, url: string, booting: number): Promise<readonly number[]> {
  using stream = new EventStream(url);
  await stream.first('hello');
  using client = bootClient(port);
  const reporter = new TestReporter(client, 'dhcp');
  const told = new Map<string, number>();
  const delays: number[] = [];
  const key = (mac: string, at: number) => `${mac} ${at}`;
  stream.onTold = ({ event, data }) => {
    if (event !== 'news') return;
    const now = performance.now();
    for (const { machine, at } of (data as News).events) {
      const begun = told.get(key(machine.mac, at));
      if (begun !== undefined) delays.push(now - begun);
      told.delete(key(machine.mac, at));
    }
  };
  const begun = Date.now();
  const stories = Array.from({ length: booting }, (_, machine) => bootOf(machine, begun, step));
  for (let at = 0; at < perBoot; at++) {
    for (const [machine, story] of stories.entries()) {
      const event = story[at];
      if (event === undefined) continue;
      told.set(key(macOfMachine(machine), Number(event.timeUnixMilli)), performance.now());
      reporter.tell(event);
    }
    await pause(Math.max(0, begun + (at + 1) * step - Date.now()));
  }
  await reporter.end();
  await until('every event has come', () => told.size === 0, 30_000).catch(() => undefined);
  return delays;
}

const one = (what: string, figure: string, unit: string) => ({ what, columns: { dashboard: figure }, unit });

export const dashboard: Scenario = {
  title: 'The dashboard',
  about: `The hardware service holds ${sizes.full.machines} machines with ${sizes.full.boots} boots each, ${sizes.full.machines * sizes.full.boots * perBoot} events in all,
reported over gRPC. Chromium, without a cache, opens the page: the time runs from the start of the navigation until the first machine
can be opened and a search be typed; five times. Then, five times, ${sizes.full.booting} machines boot at once, ${perBoot} events each within ${(perBoot * step) / 1000} seconds: the time runs from the report of an event
until it has come on a browser's stream. Hardware service, dashboard, browser and reporter share the processors.`,
  measure,
  once: true,
  shown: [
    one('page interactive after, median', 'interactive', ' ms'),
    one('page interactive after, worst', 'interactive worst', ' ms'),
    one('an event on the page after, median', 'event median', ' ms'),
    one('an event on the page after, worst', 'event worst', ' ms'),
    one('events that never came', 'events lost', ''),
  ],
  targets: [
    { what: 'page interactive', figure: 'interactive', atMost: 1000, unit: ' ms' },
    { what: 'every event on the page, worst', figure: 'event worst', atMost: 2000, unit: ' ms' },
    { what: 'events that never came', figure: 'events lost', atMost: 0, unit: '' },
  ],
};
