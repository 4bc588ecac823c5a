import { html } from 'htm/preact';
import type { Gap } from '../../wire/api.ts';
import { clockText } from '../words/time.ts';

/** `312 events of http`, `one event of dhcp` */
export function lostText({ events, service }: Gap): string {
  return `${events === 1 ? 'one event' : `${events.toLocaleString('en')} events`} of ${service}`;
}

/** That what is shown of the last hour may lack something; nothing while all is told. */
export function GapNotice({ gaps }: { readonly gaps: readonly Gap[] }) {
  const [newest] = gaps;
  if (newest === undefined) return null;
  const more = gaps.length === 1 ? '' : `, and others before`;
  return html`<p class="missing" role="status"><strong>Something is missing here.</strong> ${lostText(newest)} from
    ${' '}<time datetime=${new Date(newest.from).toISOString()}>${clockText(newest.from)}</time> to
    ${' '}<time datetime=${new Date(newest.to).toISOString()}>${clockText(newest.to)}</time> got lost${more}: boots of that time may have
    come further than is shown.</p>`;
}
