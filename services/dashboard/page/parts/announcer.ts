import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Between two announcements, in milliseconds: a screen reader is to tell, not to babble. */
const pause = 5000;

/** Tells a screen reader, and the title of the tab, that more machines have failed. */
export function Announcer({ failed }: { readonly failed: number | undefined }) {
  const told = useRef<number>();
  const [text, setText] = useState('');
  useEffect(() => {
    document.title = failed === undefined || failed === 0 ? 'smee' : `${failed} failed · smee`;
    return () => {
      document.title = 'smee';
    };
  }, [failed]);
  useEffect(() => {
    if (failed === undefined) return;
    if (told.current === undefined || failed < told.current) told.current = failed;
    if (failed === told.current) return;
    const timer = setTimeout(() => {
      const more = failed - (told.current ?? 0);
      told.current = failed;
      setText(`${more} more ${more === 1 ? 'machine has' : 'machines have'} failed.`);
    }, pause);
    return () => clearTimeout(timer);
  }, [failed]);
  return html`<p class="unseen" aria-live="polite">${text}</p>`;
}
