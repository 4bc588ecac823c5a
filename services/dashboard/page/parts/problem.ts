import { html } from 'htm/preact';
import type { Refused } from '../live/api.ts';

/** Why something is not shown, or not shown anew; what was there before stays beside it. */
export function Problem({ problem }: { readonly problem: Refused | undefined }) {
  // The bar on top says it already, once for the whole page.
  if (problem === undefined || problem.code === 'hardware-away' || problem.code === 'dashboard-away')
    return null;
  return html`<p class="problem" role="alert">${problem.message}</p>`;
}
