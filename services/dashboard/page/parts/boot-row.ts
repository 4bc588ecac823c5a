import { html } from 'htm/preact';
import type { Boot } from '../../wire/api.ts';
import { hrefOf } from '../live/route.ts';
import { machineKey, type Standing, standingOf, titleOf } from '../words/states.ts';
import { spanText } from '../words/time.ts';
import { Ago, Elapsed } from './ago.ts';
import { Fetching } from './fetching.ts';
import { NewRecordButton } from './new-record.ts';
import { StageTrack } from './stage-track.ts';
import { StateMark } from './state-mark.ts';

/** Where a click on a machine leads. */
function machineHref(boot: Boot): string {
  return hrefOf({ view: 'machine', machine: machineKey(boot), tab: 'timeline', boot: undefined });
}

/** One machine: how it stands, what it is called, why it is where it is, and since when. */
export function BootRow({ boot }: { readonly boot: Boot }) {
  const { machine, arch, client } = boot;
  const standing = standingOf(boot);
  // Of a stranger nothing else tells which machine it might be.
  const aside = machine.name === '' ? [machine.address, client, arch] : [machine.mac, machine.address];
  return html`<li class="row ${standing}">
    <${StateMark} standing=${standing} />
    <div class="who">
      <a href=${machineHref(boot)} data-row><bdi>${titleOf(boot)}</bdi></a>
      <span class="aside">${aside.filter((text) => text !== '').map((text) => html`<bdi key=${text}>${text}</bdi>`)}</span>
    </div>
    <div class="what"><${Middle} boot=${boot} standing=${standing} /></div>
    <div class="when"><${When} boot=${boot} /></div>
  </li>`;
}

function Middle({ boot, standing }: { readonly boot: Boot; readonly standing: Standing }) {
  if (standing === 'stranger' && boot.machine.mac !== '')
    return html`<${NewRecordButton} mac=${boot.machine.mac} />`;
  if (standing !== 'failed') return html`<${StageTrack} boot=${boot} /><${Fetching} boot=${boot} />`;
  return html`<p class="why">${boot.means}${boot.detail === '' ? '' : html` <bdi class="detail">${boot.detail}</bdi>`}</p>`;
}

function When({ boot }: { readonly boot: Boot }) {
  if (boot.state === 'booting') return html`<${Elapsed} from=${boot.from} />`;
  return html`<${Ago} at=${boot.to} />${boot.state === 'booted' ? html`<small>in ${spanText(boot.to - boot.from)}</small>` : ''}`;
}
