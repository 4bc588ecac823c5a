import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api, type Refused } from '../live/api.ts';
import { useSignal } from '../live/signal.ts';
import { keepToken, readToken, wanted } from '../live/token.ts';
import { Dialog } from './dialog.ts';

interface TokenDialogProps {
  /** What to do when the person declines; and, where there is no `done`, when the token is right. */
  readonly close: () => void;
  readonly done?: () => void;
  /** This tab had one. */
  readonly again?: true;
}

/** Asks for the token whenever the server says that the one of this tab is another's. */
export function TokenAsked() {
  const asked = useSignal(wanted);
  if (asked === undefined) return null;
  return html`<${TokenDialog} again close=${() => asked.answer(undefined)} done=${() => asked.answer(readToken())} />`;
}

/** Asks for the token, once in a tab's life, unless it is changed. */
export function TokenDialog({ close, done, again }: TokenDialogProps) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await api.tryToken(token.trim());
      keepToken(token.trim());
      (done ?? close)();
    } catch (error) {
      setProblem(error as Refused);
    }
    setBusy(false);
  };
  return html`<${Dialog} title="Unlock changes" close=${close}>
    <form onSubmit=${submit}>
      ${again ? html`<p>The token that this tab has is not that of the dashboard any more.</p>` : ''}
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
