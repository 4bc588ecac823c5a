import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { hrefOf } from '../live/route.ts';
import { useSignal } from '../live/signal.ts';
import { liveness, writable } from '../live/stream.ts';
import { switchTheme, theme } from '../live/theme.ts';
import { forgetToken, unlocked } from '../live/token.ts';
import { Search } from './search.ts';
import { TokenDialog } from './token-dialog.ts';

/** On every view: home, search, whether this is live, and what can be switched. */
export function TopBar({ showKeys }: { readonly showKeys: () => void }) {
  const shown = useSignal(theme);
  return html`<header class="top">
    <a class="brand" href=${hrefOf({ view: 'fleet' })}><img src="/page/icon.svg" alt="" width="28" height="28" />smee</a>
    <${Search} />
    <${Pulse} />
    <div class="switches">
      <${Lock} />
      <button type="button" class="quiet" onClick=${switchTheme} aria-label=${shown === 'dark' ? 'Switch to light' : 'Switch to dark'} title="Dark or light (t)">
        <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" /><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" /></svg>
      </button>
      <button type="button" class="quiet keys-button" onClick=${showKeys} aria-label="Keys" title="Keys (?)">?</button>
    </div>
  </header>`;
}

const pulses = {
  live: 'Live',
  connecting: 'Connecting',
  'hardware-away': 'Not live',
  'dashboard-away': 'Not live',
} as const;

function Pulse() {
  const { is } = useSignal(liveness);
  return html`<span class="pulse ${is}"><i aria-hidden="true"></i>${pulses[is]}</span>`;
}

/** Shows whether records can be changed from here; nothing where the page only reads. */
function Lock() {
  const mayWrite = useSignal(writable);
  const isUnlocked = useSignal(unlocked);
  const [asks, setAsks] = useState(false);
  if (!mayWrite) return null;
  const label = isUnlocked ? 'Lock changes' : 'Unlock changes';
  return html`<button type="button" class="quiet" aria-label=${label} title=${label} onClick=${() => (isUnlocked ? forgetToken() : setAsks(true))}>
      <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.5"><rect x="3" y="7" width="10" height="7" rx="1.5" /><path d=${isUnlocked ? 'M5 7V4.500a3 3 0 0 1 5.8-1' : 'M5 7V4.500a3 3 0 0 1 6 0V7'} /></svg>
    </button>
    ${asks ? html`<${TokenDialog} close=${() => setAsks(false)} />` : ''}`;
}
