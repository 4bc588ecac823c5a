import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { NewRecord } from '../../wire/api.ts';
import { api, type Refused } from '../live/api.ts';
import { useSignal } from '../live/signal.ts';
import { writable } from '../live/stream.ts';
import { unlocked } from '../live/token.ts';
import { Dialog } from './dialog.ts';
import { Problem } from './problem.ts';
import { RecordFieldset } from './record-fields.ts';
import { TokenDialog } from './token-dialog.ts';

/** A record for an unknown machine in two clicks: this one, and Save. Where the page only reads, it says what would help. */
export function NewRecordButton({ mac }: { readonly mac: string }) {
  const [open, setOpen] = useState(false);
  const mayWrite = useSignal(writable);
  const isUnlocked = useSignal(unlocked);
  if (!mayWrite) return html`<p class="why">No record has this MAC.</p>`;
  const close = () => setOpen(false);
  return html`<button type="button" class="small" onClick=${() => setOpen(true)}>Add a record<span class="unseen"> for ${mac}</span></button>
    ${open && !isUnlocked ? html`<${TokenDialog} close=${close} done=${() => {}} />` : ''}
    ${open && isUnlocked ? html`<${NewRecordDialog} mac=${mac} close=${close} />` : ''}`;
}

function NewRecordDialog({ mac, close }: { readonly mac: string; readonly close: () => void }) {
  const [draft, setDraft] = useState<NewRecord>();
  const [problem, setProblem] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    api.suggest(mac).then(setDraft, setProblem);
  }, [mac]);
  const save = async (event: Event) => {
    event.preventDefault();
    if (draft === undefined) return;
    setBusy(true);
    try {
      await api.create(draft);
      close();
    } catch (error) {
      setProblem(error as Refused);
      setBusy(false);
    }
  };
  return html`<${Dialog} title="A record for ${mac}" close=${close}>
    ${
      draft === undefined
        ? html`<${Problem} problem=${problem} />`
        : html`<form onSubmit=${save}>
          <label>Name
            <input type="text" name="name" required value=${draft.name} autocomplete="off" spellcheck=${false}
              onInput=${(event: Event) => setDraft({ ...draft, name: (event.target as HTMLInputElement).value.trim() })} />
          </label>
          <${RecordFieldset} fields=${draft.fields} change=${(fields: NewRecord['fields']) => setDraft({ ...draft, fields })} />
          ${draft.fields.address === '' ? html`<p class="hint">Without an address DHCP is silent to it; only the proxy modes need none.</p>` : ''}
          <p class="problem" role="alert" hidden=${problem === undefined}>${problem?.message}</p>
          <div class="actions"><button class="main" disabled=${busy} autofocus>Save</button></div>
        </form>`
    }
  <//>`;
}
