import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { RecordFields, RecordView } from '../../wire/api.ts';
import { api, type Refused } from '../live/api.ts';
import { useRead } from '../live/read.ts';
import { useSignal } from '../live/signal.ts';
import { writable } from '../live/stream.ts';
import { unlocked } from '../live/token.ts';
import { NewRecordButton } from './new-record.ts';
import { Problem } from './problem.ts';
import { RecordFieldset } from './record-fields.ts';
import { TokenDialog } from './token-dialog.ts';

/** A machine's record: what it says, and, with the token, how to change what keeps machines from booting. */
export function Record({ machine, mac }: { readonly machine: string; readonly mac: string }) {
  // Asked again when unlocked: then it shows what is secret, too.
  const isUnlocked = useSignal(unlocked);
  const { value, problem, reload } = useRead(() => api.record(machine), [machine, isUnlocked]);
  const [saved, setSaved] = useState<RecordView>();
  useEffect(() => setSaved(undefined), [value]);
  const record = saved ?? value;
  if (problem?.code === 'not-found' && record === undefined)
    return html`<section class="panel">
      <h2>No record</h2>
      <p>No hardware record has this machine, so it is told nothing.</p>
      ${mac === '' ? '' : html`<${NewRecordButton} mac=${mac} />`}
    </section>`;
  if (record === undefined) return html`<${Problem} problem=${problem} />`;
  return html`<div class="record">
    <${Problem} problem=${problem} />
    <${Change} key=${`${record.name} ${record.revision}`} record=${record} mac=${mac} saved=${setSaved} isSaved=${saved !== undefined} reload=${reload} />
    <section class="panel">
      <h2>The whole record</h2>
      ${
        record.hidden.length === 0
          ? ''
          : html`<p class="hint">Hidden until unlocked, because they may hold secrets: ${record.hidden.map((field, at) => html`${at > 0 ? ', ' : ''}<code>${field}</code>`)}.</p>`
      }
      <pre class="yaml" tabindex="0" aria-label="The record as YAML"><code>${record.yaml}</code></pre>
    </section>
  </div>`;
}

interface ChangeProps {
  readonly record: RecordView;
  readonly mac: string;
  readonly saved: (record: RecordView) => void;
  /** This is what was saved just now. */
  readonly isSaved: boolean;
  readonly reload: () => void;
}

function Change({ record, mac, saved, isSaved, reload }: ChangeProps) {
  const mayWrite = useSignal(writable);
  const isUnlocked = useSignal(unlocked);
  const [asks, setAsks] = useState(false);
  const one = record.interfaces.find((each) => each.mac === mac) ?? record.interfaces[0];
  if (one === undefined) return null;
  if (!mayWrite)
    return html`<section class="panel"><h2>In short</h2><${Short} fields=${one.fields} />
      <p class="hint">This dashboard only reads. To change records here, name a token in <code>SMEE_DASHBOARD_TOKEN_FILE</code>; or use <code>smee hardware apply</code>.</p></section>`;
  if (!isUnlocked)
    return html`<section class="panel"><h2>In short</h2><${Short} fields=${one.fields} />
      <div class="actions"><button type="button" class="main" onClick=${() => setAsks(true)}>Unlock to change it</button></div>
      ${asks ? html`<${TokenDialog} close=${() => setAsks(false)} />` : ''}</section>`;
  return html`<${Form} record=${record} mac=${one.mac} first=${one.fields} saved=${saved} isSaved=${isSaved} reload=${reload} />`;
}

function Form({
  record,
  mac,
  first,
  saved,
  isSaved,
  reload,
}: Omit<ChangeProps, 'mac'> & { readonly mac: string; readonly first: RecordFields }) {
  const [fields, setFields] = useState(first);
  const [problem, setProblem] = useState<Refused>();
  const save = async (event: Event) => {
    event.preventDefault();
    setProblem(undefined);
    try {
      saved(await api.edit({ name: record.name, revision: record.revision, mac, fields }));
    } catch (error) {
      setProblem(error as Refused);
    }
  };
  return html`<section class="panel">
    <h2>Change <bdi>${record.name}</bdi></h2>
    <form onSubmit=${save}>
      <${RecordFieldset} fields=${fields} change=${setFields} />
      <p class="problem" role="alert" hidden=${problem === undefined}>${problem?.message}
        ${problem?.code === 'aborted' ? html` <button type="button" class="small" onClick=${reload}>Read it again</button>` : ''}</p>
      <div class="actions"><button class="main">Save</button><span role="status">${isSaved ? 'Saved. It counts from the machine’s next question on.' : ''}</span></div>
    </form>
  </section>`;
}

function Short({ fields }: { readonly fields: RecordFields }) {
  const rows: readonly (readonly [string, string])[] = [
    ['Network boot', fields.allowPxe ? 'allowed' : 'not allowed'],
    ['DHCP', fields.disableDhcp ? 'off for this interface' : 'on'],
    ['Address', [fields.address, fields.netmask].filter((text) => text !== '').join(' / ') || 'none'],
    ['Gateway', fields.gateway || 'none'],
    ['Host name', fields.hostname || 'none'],
    ['Architecture', fields.arch || 'not said'],
  ];
  return html`<dl class="facts">
    ${rows.map(([term, text]) => html`<div key=${term}><dt>${term}</dt><dd><bdi>${text}</bdi></dd></div>`)}
  </dl>`;
}
