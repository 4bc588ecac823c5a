import { html } from 'htm/preact';
import type { RecordFields } from '../../wire/api.ts';

const texts: readonly { readonly field: TextField; readonly label: string; readonly hint: string }[] = [
  { field: 'address', label: 'IPv4 address', hint: '192.168.77.20' },
  { field: 'netmask', label: 'Netmask', hint: '255.255.255.0' },
  { field: 'gateway', label: 'Gateway', hint: 'none' },
  { field: 'hostname', label: 'Host name', hint: 'none' },
  { field: 'arch', label: 'Architecture', hint: 'x86_64' },
];
type TextField = 'address' | 'netmask' | 'gateway' | 'hostname' | 'arch';

/** The fields of a record that a person changes when a machine does not boot. */
export function RecordFieldset({
  fields,
  change,
}: {
  readonly fields: RecordFields;
  readonly change: (fields: RecordFields) => void;
}) {
  const check = (field: 'allowPxe' | 'disableDhcp', label: string) => html`<label class="check">
    <input type="checkbox" name=${field} checked=${fields[field]}
      onChange=${(event: Event) => change({ ...fields, [field]: (event.target as HTMLInputElement).checked })} />
    ${label}
  </label>`;
  return html`<div class="fields">
    ${check('allowPxe', 'May boot from the network')} ${check('disableDhcp', 'DHCP says nothing to it')}
    ${texts.map(
      ({ field, label, hint }) => html`<label key=${field}>${label}
        <input type="text" name=${field} value=${fields[field]} placeholder=${hint} autocomplete="off" spellcheck=${false}
          onInput=${(event: Event) => change({ ...fields, [field]: (event.target as HTMLInputElement).value.trim() })} />
      </label>`,
    )}
  </div>`;
}
