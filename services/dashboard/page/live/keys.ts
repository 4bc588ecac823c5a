import { go, route } from './route.ts';
import { switchTheme } from './theme.ts';

/** What a key does, where nobody types and no dialog is open. */
export function onKey(event: KeyboardEvent, showKeys: () => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null)
    return;
  const { target } = event;
  if (event.key === 'Escape') leave(target);
  else if (isTyping(target) && !(event.key === 'ArrowDown' && target.id === 'search')) return;
  else if (event.key === '/') document.getElementById('search')?.focus();
  else if (event.key === '?') showKeys();
  else if (event.key === 't') switchTheme();
  else if (event.key === 'j' || event.key === 'ArrowDown') move(1);
  else if (event.key === 'k' || event.key === 'ArrowUp') move(-1);
  else return;
  event.preventDefault();
}

/** Out of a field first, then back to the fleet. */
function leave(target: EventTarget | null): void {
  if (isTyping(target)) target.blur();
  else if (route.value.view !== 'fleet') go({ view: 'fleet' });
}

function move(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  // A tab list has arrows of its own.
  if (rows.length === 0 || document.activeElement?.getAttribute('role') === 'tab') return;
  const at = rows.findIndex((row) => row.matches(':focus'));
  const next = at === -1 ? (by === 1 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: 'nearest' });
}

function isTyping(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}
