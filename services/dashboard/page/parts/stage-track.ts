import { html } from 'htm/preact';
import type { Boot, Stage } from '../../wire/api.ts';
import { stageWords } from '../words/states.ts';

/** What most boots go through. A log line is no step on the way, and an ISO takes the place of HTTP. */
const way: readonly Stage[] = ['dhcp', 'tftp', 'http', 'os'];

type Step = 'done' | 'now' | 'stopped' | 'skipped' | 'ahead';

const words: Readonly<Record<Step, string>> = {
  done: 'done',
  now: 'now',
  stopped: 'stopped here',
  skipped: 'not used',
  ahead: 'not yet',
};

/** How far a boot came, at a glance. */
export function StageTrack({ boot }: { readonly boot: Boot }) {
  const steps = way.map((stage) => ({ stage, step: stepOf(boot, stage) }));
  const label = steps.map(({ stage, step }) => `${stageWords[stage]} ${words[step]}`).join(', ');
  return html`<span class="track" role="img" aria-label=${label}>
    ${steps.map(
      ({ stage, step }) => html`<span key=${stage} class="step ${step}" aria-hidden="true">
        <i></i>${stageWords[stage]}
      </span>`,
    )}
  </span>`;
}

function stepOf({ spans, stage: furthest, state }: Boot, stage: Stage): Step {
  const at = way.indexOf(furthest === 'iso' ? 'http' : furthest === 'syslog' ? 'os' : (furthest ?? 'dhcp'));
  const here = way.indexOf(stage);
  if (state === 'booted' || here < at)
    return spans.some((span) => span.stage === stage || (stage === 'os' && state === 'booted'))
      ? 'done'
      : 'skipped';
  if (here > at) return 'ahead';
  if (state === 'failed') return 'stopped';
  return state === 'booting' ? 'now' : 'done';
}
