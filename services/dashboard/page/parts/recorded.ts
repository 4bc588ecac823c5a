import { html } from 'htm/preact';
import { api } from '../live/api.ts';
import { useRead } from '../live/read.ts';
import { hrefOf } from '../live/route.ts';

/** What to say of a search that no boot answers: there may be a record of just that name, MAC or address. */
export function Recorded({ search }: { readonly search: string }) {
  const { value: record, problem } = useRead(() => api.record(search), [search]);
  if (record === undefined)
    return html`<p class="hint">${problem === undefined ? '' : 'No machine that was heard of has this in its name, MAC, address or reason, and none has a record of just that.'}</p>`;
  const href = hrefOf({ view: 'machine', machine: search, tab: 'record', boot: undefined });
  return html`<p class="hint">Nothing was heard of it yet, but there is a record:
    <a href=${href} data-row><bdi>${record.name}</bdi></a></p>`;
}
