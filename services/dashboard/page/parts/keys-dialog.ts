import { html } from 'htm/preact';
import { Dialog } from './dialog.ts';

const keys: readonly (readonly [readonly string[], string])[] = [
  [['/'], 'search'],
  [['j', '↓'], 'next machine'],
  [['k', '↑'], 'machine before'],
  [['Enter'], 'open it'],
  [['Esc'], 'close, or back to the fleet'],
  [['t'], 'dark or light'],
  [['?'], 'these keys'],
];

export function KeysDialog({ close }: { readonly close: () => void }) {
  return html`<${Dialog} title="Keys" close=${close}>
    <dl class="keys">
      ${keys.map(
        ([names, what]) => html`<div key=${what}>
          <dt>${names.map((name) => html`<kbd key=${name}>${name}</kbd>`)}</dt>
          <dd>${what}</dd>
        </div>`,
      )}
    </dl>
  <//>`;
}
