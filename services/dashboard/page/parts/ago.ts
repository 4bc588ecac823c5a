import { html } from 'htm/preact';
import { useNow } from '../live/read.ts';
import { agoText, clockText, spanText } from '../words/time.ts';

/** How long ago something was; keeps itself up to date. */
export function Ago({ at }: { readonly at: number }) {
  const now = useNow(1000);
  return html`<time datetime=${new Date(at).toISOString()} title=${clockText(at)}>${agoText(now - at)}</time>`;
}

/** How long something goes on already. */
export function Elapsed({ from }: { readonly from: number }) {
  const now = useNow(100);
  return html`<span class="elapsed">${spanText(now - from)}</span>`;
}
