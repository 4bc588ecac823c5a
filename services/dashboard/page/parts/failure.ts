import { html } from 'htm/preact';
import type { Boot } from '../../wire/api.ts';
import { hrefOf } from '../live/route.ts';
import { machineKey, standingOf } from '../words/states.ts';
import { NewRecordButton } from './new-record.ts';

/** Why a machine did not boot, in a sentence, and what to do. */
export function Failure({ boot, isWhole }: { readonly boot: Boot; readonly isWhole: boolean }) {
  const isStranger = standingOf(boot) === 'stranger';
  if (boot.state !== 'failed' && !isStranger && boot.state !== 'handed-over') return null;
  const machine = machineKey(boot);
  const to = (tab: 'record' | 'explain') => hrefOf({ view: 'machine', machine, tab, boot: undefined });
  return html`<section class="failure ${standingOf(boot)}" aria-labelledby="why">
    <h2 id="why">${boot.means || 'Nobody said why.'}</h2>
    ${boot.detail === '' ? '' : html`<p class="detail"><bdi>${boot.detail}</bdi></p>`}
    <p class="do"><b>What to do</b> ${boot.action || 'See its console.'}</p>
    ${isWhole ? '' : html`<p class="do"><b>But</b> events of this time got lost: it may have come further.</p>`}
    <div class="actions">
      ${isStranger && boot.machine.mac !== '' ? html`<${NewRecordButton} mac=${boot.machine.mac} />` : html`<a class="button" href=${to('record')}>See its record</a>`}
      <a class="button" href=${to('explain')}>What if it asked now?</a>
      <code class="reason">${boot.reason}</code>
    </div>
  </section>`;
}
