import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';
import type { Boot, BootStory } from '../../wire/api.ts';
import { go, hrefOf, type Tab, tabs } from '../live/route.ts';
import { useStory } from '../live/use.ts';
import { Ago } from '../parts/ago.ts';
import { EventList } from '../parts/event-list.ts';
import { Explain } from '../parts/explain.ts';
import { Failure } from '../parts/failure.ts';
import { Problem } from '../parts/problem.ts';
import { Record } from '../parts/record.ts';
import { StateMark } from '../parts/state-mark.ts';
import { Syslog } from '../parts/syslog.ts';
import { Timeline } from '../parts/timeline.ts';
import { machineKey, standingOf, titleOf } from '../words/states.ts';
import { spanText } from '../words/time.ts';

const tabWords: Readonly<Record<Tab, string>> = {
  timeline: 'Timeline',
  record: 'Record',
  explain: 'Explain',
  syslog: 'Syslog',
};

interface MachineProps {
  readonly machine: string;
  readonly tab: Tab;
  /** One of its boots; undefined: the last, whichever that is. */
  readonly boot: number | undefined;
}

/** One machine: its boot as it happens, its record, and what would happen now. */
export function MachineView({ machine, tab, boot: chosen }: MachineProps) {
  const { value: story, problem } = useStory(machine, chosen);
  const title = story === undefined ? machine : titleOf(story.boot);
  useEffect(() => {
    document.title = `${title} · smee`;
    return () => {
      document.title = 'smee';
    };
  }, [title]);
  const mac = story?.boot.machine.mac ?? (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(machine) ? machine : '');
  return html`
    <nav class="back" aria-label="Back"><a href=${hrefOf({ view: 'fleet' })}>← Fleet</a></nav>
    <header class="machine-head">
      <h1><bdi>${title}</bdi></h1>
      ${story === undefined ? '' : html`<${StateMark} standing=${standingOf(story.boot)} /><${Facts} boot=${story.boot} />`}
    </header>
    ${problem?.code === 'not-found' ? html`<p class="hint">Nothing was heard of this machine yet; its first packet shows here by itself.</p>` : html`<${Problem} problem=${problem} />`}
    ${story === undefined ? '' : html`<${Failure} boot=${story.boot} isWhole=${story.gaps.length === 0} />`}
    <${Tabs} machine=${machine} tab=${tab} boot=${chosen} />
    <div id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${tab}`}>
      ${tab === 'record' ? html`<${Record} machine=${mac || machine} mac=${mac} />` : ''}
      ${tab === 'explain' ? html`<${Explain} machine=${mac || machine} />` : ''}
      ${tab === 'timeline' && story !== undefined ? html`<${Story} story=${story} machine=${machine} />` : ''}
      ${tab === 'syslog' && story !== undefined ? html`<${Syslog} events=${story.events} from=${story.boot.from} />` : ''}
    </div>`;
}

function Facts({ boot }: { readonly boot: Boot }) {
  const { machine, client, arch, to } = boot;
  const facts = [machine.name === '' ? '' : machine.mac, machine.address, client, arch, machine.uuid];
  return html`<p class="aside">
    ${facts.filter((text) => text !== '').map((text) => html`<bdi key=${text}>${text}</bdi>`)}
    <span>last heard <${Ago} at=${to} /></span>
  </p>`;
}

function Tabs({ machine, tab: now, boot }: MachineProps) {
  const to = (tab: Tab) => ({ view: 'machine', machine, tab, boot }) as const;
  const move = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    const next = tabs[(tabs.indexOf(now) + by + tabs.length) % tabs.length];
    if (next === undefined) return;
    go(to(next), 'replace');
    document.getElementById(`tab-${next}`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label="About this machine" onKeyDown=${move}>
    ${tabs.map(
      (
        tab,
      ) => html`<button key=${tab} type="button" role="tab" id=${`tab-${tab}`} aria-selected=${tab === now}
        aria-controls="tab-panel" tabindex=${tab === now ? 0 : -1} onClick=${() => go(to(tab), 'replace')}>${tabWords[tab]}</button>`,
    )}
  </div>`;
}

function Story({ story, machine }: { readonly story: BootStory; readonly machine: string }) {
  const { boot, events, others, gaps } = story;
  return html`
    <section class="panel"><h2 class="unseen">Stages</h2><${Timeline} boot=${boot} /></section>
    <${EventList} events=${events} gaps=${gaps} from=${boot.from} />
    ${others.length === 0 ? '' : html`<${Others} others=${others} machine=${machine} />`}`;
}

function Others({ others, machine }: { readonly others: readonly Boot[]; readonly machine: string }) {
  return html`<section class="list">
    <header><h2>Its other boots</h2></header>
    <ul class="rows">
      ${others.map((boot) => {
        const href = hrefOf({
          view: 'machine',
          machine: machine || machineKey(boot),
          tab: 'timeline',
          boot: boot.id,
        });
        return html`<li key=${boot.id} class="row other">
          <${StateMark} standing=${boot.state} />
          <div class="who"><a href=${href} data-row><${Ago} at=${boot.from} /></a></div>
          <div class="what"><p class="why">${boot.state === 'booted' ? '' : boot.means}</p></div>
          <div class="when">${spanText(boot.to - boot.from)}</div>
        </li>`;
      })}
    </ul>
  </section>`;
}
