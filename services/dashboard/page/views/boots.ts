import { html } from 'htm/preact';
import type { Filter } from '../live/route.ts';
import { useBootPages } from '../live/use.ts';
import { BootRow } from '../parts/boot-row.ts';
import { Problem } from '../parts/problem.ts';
import { Recorded } from '../parts/recorded.ts';
import { Tiles } from '../parts/tiles.ts';
import { machineKey } from '../words/states.ts';

const titles: Readonly<Record<Filter, string>> = {
  all: 'All machines',
  failed: 'Failed',
  booting: 'Booting now',
  unknown: 'Unknown machines',
  booted: 'Booted',
  'handed-over': 'Handed over',
};

/** The machines of one kind, or those that were searched for, a page at a time: ten thousand rows help nobody. */
export function BootsView({ filter, search }: { readonly filter: Filter; readonly search: string }) {
  const chosen: Readonly<Record<string, string>> =
    filter === 'all' ? {} : filter === 'unknown' ? { unknown: 'true' } : { state: filter };
  const { page, problem, more } = useBootPages({ ...chosen, ...(search === '' ? {} : { search }) });
  const boots = page?.boots ?? [];
  return html`
    <${Tiles} summary=${page?.summary} chosen=${filter} />
    <section class="list whole">
      <header><h1>${titles[filter]}${search === '' ? '' : html` with “<bdi>${search}</bdi>”`}</h1>
        <span class="hint" role="status">${page === undefined ? '' : countText(boots.length, more !== undefined)}</span></header>
      <${Problem} problem=${problem} />
      ${page === undefined || boots.length > 0 ? '' : search === '' ? html`<p class="hint">None.</p>` : html`<${Recorded} search=${search} />`}
      <ul class="rows">${boots.map((boot) => html`<${BootRow} key=${machineKey(boot)} boot=${boot} />`)}</ul>
      ${more === undefined ? '' : html`<button type="button" class="more" onClick=${more}>Show more</button>`}
    </section>`;
}

function countText(count: number, more: boolean): string {
  const number = count.toLocaleString('en');
  if (more) return `the last ${number}`;
  return count === 1 ? '1 machine' : `${number} machines`;
}
