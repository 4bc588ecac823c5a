import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** A dialog over the page: the browser keeps the focus inside, and Esc closes it. */
export function Dialog({
  title,
  close,
  children,
}: {
  readonly title: string;
  readonly close: () => void;
  readonly children?: ComponentChildren;
}) {
  const place = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    place.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return html`<dialog ref=${place} aria-labelledby=${id} onClose=${close}
    onClick=${(event: Event) => event.target === place.current && close()}>
    <div class="sheet">
      <header>
        <h2 id=${id}>${title}</h2>
        <button type="button" class="quiet" onClick=${close} aria-label="Close">✕</button>
      </header>
      ${children}
    </div>
  </dialog>`;
}
