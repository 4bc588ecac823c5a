import { html } from 'htm/preact';
import type { Outcome } from '../../wire/api.ts';

const signs: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  yes: { sign: '✓', word: 'Yes' },
  no: { sign: '✕', word: 'No' },
  heard: { sign: '·', word: 'Heard' },
};

export function OutcomeMark({ outcome }: { readonly outcome: Outcome }) {
  const { sign, word } = signs[outcome];
  return html`<span class="outcome ${outcome}"><span aria-hidden="true">${sign}</span><span class="unseen">${word}:</span></span>`;
}
