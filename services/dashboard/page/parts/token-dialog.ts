import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api, type Refused } from '../live/api.ts';
import { keepToken } from '../live/token.ts';
import { Dialog } from './dialog.ts';

/** Asks for the token, once in a tab's life. */
export function TokenDialog({ close, done }: { readonly close: () => void; readonly done?: () => void }) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await api.tryToken(token.trim());
      keepToken(token.trim());
      close();
      done?.();
    } catch (error) {
      setProblem(error as Refused);
    }
    setBusy(false);
  };
  return html`<${Dialog} title="Unlock changes" close=${close}>
    <form onSubmit=${submit}>
      <p>Changing a record decides what a machine runs. The token is in the file that
        <code>SMEE_DASHBOARD_TOKEN_FILE</code> names; this tab forgets it when it is closed.</p>
      <label>Token
        <input type="password" name="token" autocomplete="off" required autofocus value=${token}
          aria-invalid=${problem !== undefined} aria-describedby="token-problem"
          onInput=${(event: InputEvent) => setToken((event.target as HTMLInputElement).value)} />
      </label>
      <p id="token-problem" class="problem" role="alert" hidden=${problem === undefined}>${problem?.message}</p>
      <div class="actions"><button class="main" disabled=${busy}>Unlock</button></div>
    </form>
  <//>`;
}
