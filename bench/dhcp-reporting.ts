import type { Namespace } from '../test/support/lab.ts';
import { type BenchLab, createBenchLab, serverDevice, startService } from './bench-lab.ts';
import { type Load, ownLoad, untilAnswered } from './dhcp-generators.ts';
import type { Effort, Figures, Scenario } from './scenario.ts';
import { askMetrics } from './service-metrics.ts';

const machines = 2_500;

type Way = 'on' | 'off';

/** In the other order each time, so that a machine that grows slower or faster meanwhile favours neither. */
let turns: readonly Way[] = ['off', 'on'];

interface Turn extends Load {
  /** Events told per second, since the service was started. */
  readonly told: number;
}

async function measure(effort: Effort): Promise<Figures> {
  await using lab = await createBenchLab(machines);
  turns = turns.toReversed();
  const figures: Record<string, number> = {};
  for (const turn of turns) {
    const { rate, cpu, dropped, told } = await takeTurn(lab, turn === 'on', effort === 'quick' ? 0.6 : 2);
    figures[`${turn} rate`] = rate;
    figures[`${turn} cpu`] = cpu;
    figures[`${turn} dropped`] = dropped * 100;
    figures[`${turn} told`] = told;
  }
  for (const figure of ['rate', 'cpu'])
    figures[`${figure} on / off`] =
      (figures[`on ${figure}`] ?? Number.NaN) / (figures[`off ${figure}`] ?? Number.NaN);
  return figures;
}

async function takeTurn(lab: BenchLab, reporting: boolean, seconds: number): Promise<Turn> {
  const flags = ['--dhcp-iface', serverDevice, `--report-events=${reporting}`];
  await using dhcp = await startService(lab, 'dhcp', flags);
  const started = performance.now();
  const asked = { process: dhcp, machines };
  // Until every machine has asked before, and that has been told: what follows is a fleet that asks again.
  await untilAnswered(() => ownLoad(lab, asked, 0));
  await ownLoad(lab, asked, seconds);
  const load = await ownLoad(lab, asked, seconds);
  const told = reporting ? await eventsTold(lab.prov) : 0;
  return { ...load, told: told / ((performance.now() - started) / 1000) };
}

async function eventsTold(place: Namespace): Promise<number> {
  const { dhcp = {} } = await askMetrics(place, 'dhcp');
  return dhcp['smee_events_total outcome="told"'] ?? 0;
}

const each = (figure: string) => ({
  on: `on ${figure}`,
  off: `off ${figure}`,
  'on / off': `${figure} on / off`,
});

export const dhcpReporting: Scenario = {
  title: 'What it costs DHCP to tell the hardware service',
  about: `The same wire and the same load of our own as above, with ${machines} machines that have asked before. smee's DHCP service
is started twice, with \`SMEE_REPORT_EVENTS\` on and off, in the other order in each run; the hardware service takes the events, keeps them in
its database, and shares the two cores with the server and the load. Each machine asks the same again several times a second: that is
told of 250 of them a second, in turn, with the number of repeats (\`services/dhcp/exchange-telling.ts\`). At the start each machine's
first exchanges are told, as fast as five thousand a second.`,
  measure,
  shown: [
    { what: 'exchanges/s', columns: each('rate'), unit: '' },
    { what: 'CPU per exchange, µs', columns: each('cpu'), unit: '', digits: 1 },
    { what: 'lost, %', columns: { on: 'on dropped', off: 'off dropped' }, unit: '', digits: 3 },
    { what: 'events told/s', columns: { on: 'on told', off: 'off told' }, unit: '' },
  ],
  targets: [
    { what: 'rate, against the same without', figure: 'rate on / off', atLeast: 0.95, unit: '×', digits: 2 },
    {
      what: 'events told/s, so that it is not silence that is measured',
      figure: 'on told',
      atLeast: 200,
      unit: '',
    },
    { what: 'lost', figure: 'on dropped', atMost: 0.1, unit: ' %', digits: 3 },
  ],
};
