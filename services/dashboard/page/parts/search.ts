import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { go, route } from '../live/route.ts';
import { useSignal } from '../live/signal.ts';

/** How long a person may pause between two letters before it is asked for, in milliseconds. */
const pause = 180;

/** Finds machines by anything that is known of them; the address of the page says what was searched for. */
export function Search() {
  const now = useSignal(route);
  const [text, setText] = useState(now.view === 'boots' ? now.search : '');
  const waiting = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => setText(now.view === 'boots' ? now.search : ''), [now]);
  const search = (wanted: string) => {
    clearTimeout(waiting.current);
    const { value: here } = route;
    const filter = here.view === 'boots' ? here.filter : 'all';
    if (wanted === '' && filter === 'all') go({ view: 'fleet' }, 'replace');
    else go({ view: 'boots', filter, search: wanted }, here.view === 'boots' ? 'replace' : 'push');
  };
  const type = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    setText(value);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => search(value.trim()), pause);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    search(text.trim());
    document.querySelector<HTMLElement>('[data-row]')?.focus();
  };
  return html`<form class="search" role="search" onSubmit=${submit}>
    <input type="search" id="search" value=${text} onInput=${type} placeholder="Name, MAC, address, reason …" aria-label="Search machines" autocomplete="off" spellcheck=${false} />
    <kbd aria-hidden="true">/</kbd>
  </form>`;
}
