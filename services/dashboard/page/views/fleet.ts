import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';
import type { Boot, Summary } from '../../wire/api.ts';
import { type Known, latestFirst } from '../live/known.ts';
import { type Filter, hrefOf } from '../live/route.ts';
import { useFleet } from '../live/use.ts';
import { Announcer } from '../parts/announcer.ts';
import { BootRow } from '../parts/boot-row.ts';
import { GapNotice } from '../parts/gaps.ts';
import { Problem } from '../parts/problem.ts';
import { Tiles } from '../parts/tiles.ts';
import { machineKey, type Standing, standingOf } from '../words/states.ts';

/** As many as fit at a glance. */
const most = 8;

interface Part {
  readonly title: string;
  readonly standings: readonly Standing[];
  readonly filter: Filter;
  /** How many there are, where one number says it. */
  readonly count?: keyof Summary;
  readonly empty: string;
}
/** First what needs somebody, then what goes on. */
const left: readonly Part[] = [
  {
    title: 'Failed',
    standings: ['failed'],
    filter: 'failed',
    count: 'failed',
    empty: 'No machine has failed.',
  },
  {
    title: 'Booting now',
    standings: ['booting'],
    filter: 'booting',
    count: 'booting',
    empty: 'No machine is booting.',
  },
];
const right: readonly Part[] = [
  {
    title: 'Unknown machines',
    standings: ['stranger'],
    filter: 'unknown',
    count: 'unknown',
    empty: 'Every machine that was heard of has a record.',
  },
  {
    title: 'Lately',
    standings: ['booted', 'handed-over'],
    filter: 'all',
    empty: 'No machine has booted yet.',
  },
];

/** The fleet at a glance. */
export function FleetView() {
  const { fleet, known, problem } = useFleet();
  useEffect(() => {
    // For whoever measures: rows and search answer from here on.
    if (fleet !== undefined) performance.mark('smee-interactive');
  }, [fleet !== undefined]);
  const column = (parts: readonly Part[]) =>
    html`<div>${parts.map((part) => html`<${Section} key=${part.title} part=${part} known=${known} summary=${fleet?.summary} />`)}</div>`;
  return html`
    <h1 class="unseen">The fleet</h1>
    <${Tiles} summary=${fleet?.summary} />
    <${Problem} problem=${problem} />
    <${GapNotice} gaps=${fleet?.gaps ?? []} />
    <${Announcer} failed=${fleet?.summary.failed} />
    ${fleet === undefined ? html`<p class="hint" role="status">${problem === undefined ? 'Reading …' : ''}</p>` : isEmpty(known) ? html`<${Nothing} />` : html`<div class="glance">${column(left)}${column(right)}</div>`}`;
}

interface SectionProps {
  readonly part: Part;
  readonly known: Known;
  readonly summary: Summary | undefined;
}

function Section({ part, known, summary }: SectionProps) {
  const boots: readonly Boot[] = latestFirst(known).filter((boot) =>
    part.standings.includes(standingOf(boot)),
  );
  const shown = boots.slice(0, most);
  const all = part.count === undefined ? boots.length : (summary?.[part.count] ?? 0);
  const href = hrefOf({ view: 'boots', filter: part.filter, search: '' });
  return html`<section class="list">
    <header><h2>${part.title}</h2>${all > shown.length ? html`<a href=${href}>All<span class="unseen"> of ${part.title}</span></a>` : ''}</header>
    ${
      boots.length === 0
        ? html`<p class="hint">${part.empty}</p>`
        : html`<ul class="rows">${shown.map((boot) => html`<${BootRow} key=${machineKey(boot)} boot=${boot} />`)}</ul>`
    }
  </section>`;
}

function isEmpty(known: Known): boolean {
  return known.size === 0;
}

function Nothing() {
  return html`<section class="panel nothing">
    <h2>Nothing was heard yet</h2>
    <p>Power a machine on: it stands here within a second of its first packet, whether it has a record or not.
      If it does not, its packets do not reach this host: see the interface that DHCP serves, VLANs and relays.</p>
    <p>To see what this looks like, let a scripted machine boot: <code>npx smee simulate</code></p>
  </section>`;
}
