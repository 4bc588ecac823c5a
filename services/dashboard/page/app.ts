import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { onKey } from './live/keys.ts';
import { type Route, route } from './live/route.ts';
import { useSignal } from './live/signal.ts';
import { openStream } from './live/stream.ts';
import { KeysDialog } from './parts/keys-dialog.ts';
import { LinkNotice } from './parts/link-notice.ts';
import { TokenAsked } from './parts/token-dialog.ts';
import { TopBar } from './parts/top-bar.ts';
import { BootsView } from './views/boots.ts';
import { FleetView } from './views/fleet.ts';
import { MachineView } from './views/machine.ts';

/** The frame of every view. */
export function App() {
  const now = useSignal(route);
  const [keysOpen, setKeysOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useEffect(openStream, []);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event, () => setKeysOpen(true));
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
  useEffect(() => scrollTo(0, 0), [placeOf(now)]);
  const skip = (event: Event) => {
    event.preventDefault();
    main.current?.focus();
  };
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to the machines</a>
    <${TopBar} showKeys=${() => setKeysOpen(true)} />
    <${LinkNotice} />
    <main id="main" tabindex="-1" ref=${main}><${View} route=${now} /></main>
    <${TokenAsked} />
    ${keysOpen ? html`<${KeysDialog} close=${() => setKeysOpen(false)} />` : ''}`;
}

function View({ route: shown }: { readonly route: Route }) {
  if (shown.view === 'machine')
    return html`<${MachineView} key=${shown.machine} machine=${shown.machine} tab=${shown.tab} boot=${shown.boot} />`;
  if (shown.view === 'boots') return html`<${BootsView} filter=${shown.filter} search=${shown.search} />`;
  return html`<${FleetView} />`;
}

/** Where one is at the top again; another tab or search is still the same place. */
function placeOf(shown: Route): string {
  return shown.view === 'machine' ? `machine ${shown.machine}` : shown.view;
}
