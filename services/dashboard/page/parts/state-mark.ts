import { html } from 'htm/preact';
import { type Standing, standings } from '../words/states.ts';

/** A shape for each standing, so that colour is never all that tells them apart. */
const shapes: Readonly<Record<Standing, unknown>> = {
  failed: html`<path d="M5.2 1.5h5.600l3.7 3.700v5.600l-3.7 3.700H5.200l-3.7-3.700V5.200z" /><path class="cut" d="m5.7 5.7 4.6 4.600m0-4.6-4.6 4.6" />`,
  booting: html`<circle class="ring" cx="8" cy="8" r="6" /><path class="arc" d="M8 2a6 6 0 0 1 6 6" />`,
  stranger: html`<path d="M8 1.3 15 14H1z" /><path class="cut" d="M6.7 7.600c0-1.9 2.7-1.8 2.7-.2 0 1.1-1.4 1.2-1.4 2.400m0 1.700v.1" />`,
  booted: html`<circle cx="8" cy="8" r="6.7" /><path class="cut" d="m4.9 8.2 2.2 2.2 4-4.6" />`,
  'handed-over': html`<rect x="1.6" y="1.6" width="12.8" height="12.8" rx="3" /><path class="cut" d="M4.6 8h6.400M8.5 5.2 11.3 8l-2.8 2.8" />`,
};

/** Shape and colour of a standing; with its word unless `bare`, when the word stands nearby. */
export function StateMark({
  standing,
  bare = false,
}: {
  readonly standing: Standing;
  readonly bare?: boolean;
}) {
  return html`<span class="mark ${standing}">
    <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">${shapes[standing]}</svg>
    ${bare ? '' : html`<span>${standings[standing].word}</span>`}
  </span>`;
}
