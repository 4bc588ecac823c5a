import { html } from 'htm/preact';
import type { BootEvent } from '../../wire/api.ts';
import { clockText, offsetText } from '../words/time.ts';

/** What the machine itself said while it booted. */
export function Syslog({ events, from }: { readonly events: readonly BootEvent[]; readonly from: number }) {
  const lines = events.filter(({ stage }) => stage === 'syslog');
  return html`<section class="panel syslog">
    <h2>Syslog</h2>
    ${lines.length === 0 ? html`<p class="hint">It has said nothing. iPXE logs once its script names this host (<code>set syslog</code>), the system once its kernel line does (<code>syslog_host=</code>).</p>` : ''}
    <ol tabindex="0" aria-label="Log lines">
      ${lines.map(
        ({ id, at, details, repeats }) => html`<li key=${id}>
          <time datetime=${new Date(at).toISOString()} title=${clockText(at)}>${offsetText(at - from)}</time>
          <span class="severity ${severityOf(details)}">${severityOf(details)}</span>
          <bdi>${textOf(details)}</bdi>${repeats > 0 ? html` <span class="repeats">× ${repeats + 1}</span>` : ''}
        </li>`,
      )}
    </ol>
  </section>`;
}

function severityOf(details: BootEvent['details']): string {
  return details.severity?.toLowerCase() ?? '';
}

function textOf({ 'app-name': app, text, detail, ...rest }: BootEvent['details']): string {
  const message = text ?? detail ?? Object.values(rest).join(' ');
  return app === undefined ? message : `${app}: ${message}`;
}
