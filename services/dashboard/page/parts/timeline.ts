import { html } from 'htm/preact';
import type { Boot, Span } from '../../wire/api.ts';
import { useNow } from '../live/read.ts';
import { stageWords } from '../words/states.ts';
import { spanText } from '../words/time.ts';
import { Fetching } from './fetching.ts';

/** The narrowest that a bar is drawn, in per cent: a millisecond among minutes is still seen. */
const narrowest = 0.6;

/** The stages of a boot on one line of time, each with what it took; a boot under way grows. */
export function Timeline({ boot }: { readonly boot: Boot }) {
  const goesOn = boot.state === 'booting';
  const now = useNow(goesOn ? 200 : 0);
  const end = goesOn ? Math.max(now, boot.to) : boot.to;
  const whole = Math.max(end - boot.from, 1);
  const current = goesOn ? lastOf(boot.spans) : undefined;
  return html`<div class="timeline">
    <p class="total">${spanText(end - boot.from)}<small>${goesOn ? 'so far' : boot.state === 'booted' ? 'from the first packet to its word' : 'from the first packet to the last'}</small></p>
    <ol>
      ${boot.spans.map((span) => html`<${Bar} key=${span.stage} span=${span} whole=${whole} begun=${boot.from} now=${span === current ? end : undefined} />`)}
    </ol>
    <${Fetching} boot=${boot} />
  </div>`;
}

interface BarProps {
  readonly span: Span;
  /** When the boot began, and how long it is. */
  readonly begun: number;
  readonly whole: number;
  /** Of the stage that goes on. */
  readonly now: number | undefined;
}

function Bar({ span, begun, whole, now }: BarProps) {
  const share = (ms: number) => (Math.max(0, ms) / whole) * 100;
  const width = Math.min(100, Math.max(narrowest, share(span.to - span.from)));
  const left = Math.min(share(span.from - begun), 100 - width);
  const waits = now === undefined ? 0 : Math.max(0, 100 - left - width);
  return html`<li class="bar ${span.ok ? 'ok' : 'no'} ${now === undefined ? '' : 'grows'}">
    <span class="name">${stageWords[span.stage]}${span.ok ? '' : html`<span class="unseen"> (its last answer was a no)</span>`}</span>
    <span class="lane" aria-hidden="true"><i style=${{ left: `${left}%`, width: `${width}%` }}></i>${
      waits === 0 ? '' : html`<i class="waits" style=${{ left: `${left + width}%`, width: `${waits}%` }}></i>`
    }</span>
    <span class="took">${spanText(span.to - span.from)}</span>
  </li>`;
}

/** The stage that was heard of last. */
function lastOf(spans: readonly Span[]): Span | undefined {
  return spans.reduce<Span | undefined>(
    (last, span) => (last === undefined || span.to >= last.to ? span : last),
    undefined,
  );
}
