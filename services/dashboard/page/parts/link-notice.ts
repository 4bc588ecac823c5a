import { html } from 'htm/preact';
import { useSignal } from '../live/signal.ts';
import { liveness } from '../live/stream.ts';
import { Ago } from './ago.ts';

/** Says when what is shown is no longer live, and that nothing need be done in this page. */
export function LinkNotice() {
  const now = useSignal(liveness);
  if (now.is === 'live' || now.is === 'connecting') return html`<div role="status"></div>`;
  const [what, advice] =
    now.is === 'hardware-away'
      ? ['The hardware service does not answer', 'See whether it runs; machines go on booting meanwhile. ']
      : ['The dashboard does not answer', 'See whether it runs. '];
  return html`<div role="status">
    <p class="notice"><strong>${what}</strong> (since <${Ago} at=${now.since} />). ${advice}
      This page keeps what it has, and goes on by itself.</p>
  </div>`;
}
