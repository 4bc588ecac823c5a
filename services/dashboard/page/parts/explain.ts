import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { Explanation, Step } from '../../wire/api.ts';
import { api } from '../live/api.ts';
import { useRead } from '../live/read.ts';
import { stageWords } from '../words/states.ts';
import { OutcomeMark } from './outcome-mark.ts';
import { Problem } from './problem.ts';

const firmwares = { '': 'as it was last seen', pxe: 'PXE', http: 'HTTP Boot', ipxe: 'iPXE' } as const;
const architectures = {
  '': 'as it was last seen',
  bios: 'x86 BIOS',
  'x86_64-efi': 'x64 UEFI',
  'arm64-efi': 'ARM 64-bit UEFI',
} as const;

/** What each step of a boot would answer the machine now: a dry run, no packet is sent. */
export function Explain({ machine }: { readonly machine: string }) {
  const [firmware, setFirmware] = useState('');
  const [arch, setArch] = useState('');
  const { value, problem, reload } = useRead(
    () => api.explain({ machine, firmware, arch }),
    [machine, firmware, arch],
  );
  const choose = (set: (value: string) => void) => (event: Event) =>
    set((event.target as HTMLSelectElement).value);
  return html`<section class="panel explain">
    <h2>If it asked now</h2>
    <div class="choices">
      <label>Firmware
        <select value=${firmware} onChange=${choose(setFirmware)}>
          ${Object.entries(firmwares).map(([name, word]) => html`<option key=${name} value=${name}>${word}</option>`)}
        </select>
      </label>
      <label>Architecture
        <select value=${arch} onChange=${choose(setArch)}>
          ${Object.entries(architectures).map(([name, word]) => html`<option key=${name} value=${name}>${word}</option>`)}
        </select>
      </label>
      <button type="button" onClick=${reload}>Ask again</button>
    </div>
    <${Problem} problem=${problem} />
    ${value === undefined ? '' : html`<${Told} explanation=${value} />`}
  </section>`;
}

function Told({ explanation }: { readonly explanation: Explanation }) {
  const { boots, steps, changes, unknowns } = explanation;
  return html`
    <p class="verdict ${boots ? 'yes' : 'no'}"><${OutcomeMark} outcome=${boots ? 'yes' : 'no'} />
      ${boots ? 'Every step answers: it would boot.' : 'It would not boot.'}</p>
    ${
      changes.length === 0
        ? ''
        : html`<h3>What would have to change</h3><ul class="changes">${changes.map((text) => html`<li key=${text}>${text}</li>`)}</ul>`
    }
    <ol class="steps">${steps.map((step, at) => html`<${StepItem} key=${at} step=${step} />`)}</ol>
    ${
      unknowns.length === 0
        ? ''
        : html`<h3>What could not be looked into</h3><ul>${unknowns.map((text) => html`<li key=${text}>${text}</li>`)}</ul>`
    }`;
}

function StepItem({ step }: { readonly step: Step }) {
  const details = Object.entries(step.details);
  return html`<li class=${step.outcome}>
    <${OutcomeMark} outcome=${step.outcome} />
    <div>
      <p><b>${step.stage === undefined ? step.service : stageWords[step.stage]}</b> <bdi>${step.asks}</bdi> → <b>${step.said}</b></p>
      ${details.length === 0 ? '' : html`<p class="aside">${details.map(([name, text]) => html`<span key=${name}>${name} <bdi>${text}</bdi></span>`)}</p>`}
      ${step.outcome === 'no' ? html`<p>${step.means} <b>${step.action}</b></p>` : ''}
    </div>
  </li>`;
}
