import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { BootEvent, Gap } from '../../wire/api.ts';
import { stageWords } from '../words/states.ts';
import { bytesText, clockText, offsetText, spanText } from '../words/time.ts';
import { lostText } from './gaps.ts';
import { OutcomeMark } from './outcome-mark.ts';

/** Drawn at once; a storm of a thousand is a click away. */
const first = 200;
/** What stands in the line itself; a detail only says more of a no. */
const shown = new Set(['file', 'type', 'ip', 'text', 'bytes']);

/** Everything that happened in a boot but its log, in its order. */
export function EventList({
  events,
  gaps,
  from,
}: {
  readonly events: readonly BootEvent[];
  readonly gaps: readonly Gap[];
  readonly from: number;
}) {
  const [all, setAll] = useState(false);
  const steps = events.filter(({ stage }) => stage !== 'syslog');
  const visible = all ? steps : steps.slice(-first);
  const items = [
    ...visible.map((event) => ({
      at: event.at,
      item: html`<${EventItem} key=${event.id} event=${event} from=${from} />`,
    })),
    ...gaps.map((gap) => ({
      at: gap.from,
      item: html`<${GapItem} key=${`gap ${gap.service} ${gap.from}`} gap=${gap} from=${from} />`,
    })),
  ].toSorted((a, b) => a.at - b.at);
  return html`<section class="panel events">
    <h2>What happened</h2>
    ${steps.length === 0 ? html`<p class="hint">Nothing but its log: see Syslog.</p>` : ''}
    ${
      visible.length < steps.length
        ? html`<button type="button" class="small" onClick=${() => setAll(true)}>Show ${steps.length - visible.length} earlier ones</button>`
        : ''
    }
    <ol>${items.map(({ item }) => item)}</ol>
  </section>`;
}

/** Of this time not everything is known. */
function GapItem({ gap, from }: { readonly gap: Gap; readonly from: number }) {
  return html`<li class="gap">
    <time datetime=${new Date(gap.from).toISOString()} title=${clockText(gap.from)}>${offsetText(gap.from - from)}</time>
    <span class="outcome gap" aria-hidden="true">?</span>
    <div>
      <p><b>Something is missing here</b> <span class="took">until ${offsetText(gap.to - from)}</span></p>
      <p class="means">${lostText(gap)} got lost before the hardware service had them. Nobody knows whose they were.</p>
    </div>
  </li>`;
}

/** What was sent; while it is on its way, of how much. */
function amountText({ said, details: { bytes = '', size = '' } }: BootEvent): string {
  return said === 'fetching' && size !== '' ? `${bytesText(bytes)} of ${bytesText(size)}` : bytesText(bytes);
}

function EventItem({ event, from }: { readonly event: BootEvent; readonly from: number }) {
  const { at, stage, outcome, said, means, details, micros, repeats, service } = event;
  const inLine = (name: string) => shown.has(name) || (name === 'detail' && outcome !== 'yes');
  const line = Object.entries(details).filter(([name]) => inLine(name));
  const more = Object.entries(details).filter(([name]) => !inLine(name));
  return html`<li class=${outcome}>
    <time datetime=${new Date(at).toISOString()} title=${clockText(at)}>${offsetText(at - from)}</time>
    <${OutcomeMark} outcome=${outcome} />
    <div>
      <p>
        <span class="stage">${stage === undefined ? service : stageWords[stage]}</span>
        <b>${said}</b>
        ${line.map(([name, text]) => html`<bdi key=${name} class="value">${name === 'bytes' ? amountText(event) : text}</bdi>`)}
        ${repeats > 0 ? html`<span class="repeats">and ${repeats} more like it</span>` : ''}
        ${micros > 0 ? html`<span class="took">${spanText(micros / 1000)}</span>` : ''}
      </p>
      ${outcome !== 'yes' && means !== undefined ? html`<p class="means">${means}</p>` : ''}
      ${
        more.length === 0
          ? ''
          : html`<details>
            <summary>Details</summary>
            <p class="aside">${more.map(([name, text]) => html`<span key=${name}>${name} <bdi>${text}</bdi></span>`)}</p>
          </details>`
      }
    </div>
  </li>`;
}
