import { html } from 'htm/preact';
import type { Boot } from '../../wire/api.ts';

/** What a machine is fetching, and how much of it has come; nothing for one that is not. */
export function Fetching({ boot: { state, reason, detail } }: { readonly boot: Boot }) {
  if (state !== 'booting' || reason !== 'fetching') return null;
  return html`<p class="why fetching">is fetching <bdi>${detail}</bdi></p>`;
}
