import { html } from 'htm/preact';
import type { Summary } from '../../wire/api.ts';
import { type Filter, hrefOf } from '../live/route.ts';
import { type Standing, standings } from '../words/states.ts';
import { StateMark } from './state-mark.ts';

const tiles: readonly {
  readonly standing: Standing;
  readonly filter: Filter;
  readonly count: keyof Summary;
}[] = [
  { standing: 'failed', filter: 'failed', count: 'failed' },
  { standing: 'booting', filter: 'booting', count: 'booting' },
  { standing: 'stranger', filter: 'unknown', count: 'unknown' },
  { standing: 'booted', filter: 'booted', count: 'booted' },
  { standing: 'handed-over', filter: 'handed-over', count: 'handedOver' },
];

/** The fleet in five numbers; each leads to its machines, and the one that is shown leads back. */
export function Tiles({
  summary,
  chosen,
}: {
  readonly summary: Summary | undefined;
  readonly chosen: Filter | undefined;
}) {
  return html`<nav class="tiles" aria-label="Machines by how they stand">
    ${tiles.map(({ standing, filter, count }) => {
      const isChosen = filter === chosen;
      const to = isChosen ? hrefOf({ view: 'fleet' }) : hrefOf({ view: 'boots', filter, search: '' });
      const number = summary?.[count];
      return html`<a key=${filter} class="tile ${standing} ${number === 0 ? 'none' : ''}" href=${to}
        aria-current=${isChosen ? 'true' : undefined} data-tile=${filter}>
        <strong>${number?.toLocaleString('en') ?? '–'}</strong>
        <span class="label"><${StateMark} standing=${standing} bare /> ${standings[standing].word}</span>
      </a>`;
    })}
  </nav>`;
}
