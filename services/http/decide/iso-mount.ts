import { mayBoot } from '#shared/boot/gate.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { type Mac, parseMac } from '#shared/mac.ts';
import { decidePatch, type PatchSettings } from './iso-patch.ts';

/** The URL folder of the patched ISOs. */
export const isoPrefix = '/iso/';

/** The settings that say which ISO, and what is written into it. */
export interface MountSettings extends PatchSettings {
  /** Of machines whose record names none. */
  readonly isoUrl: URL | undefined;
  /** undefined: HookOS's. */
  readonly isoMagicString: string | undefined;
}

/** What a mount is made of, or why there is none. */
export type MountDecision =
  | { readonly url: URL; readonly patch: Uint8Array; readonly machine: Machine }
  | { readonly why: Reason; readonly detail?: string };

/** Whose ISO `/iso/<mac>/<any>.iso` is. */
export function isoMachine(
  path: string,
): { readonly mac: Mac } | { readonly why: Reason; readonly detail?: string } {
  if (!path.endsWith('.iso')) return { why: 'not-found' };
  const mac = parseMac(path.split('/').at(-2) ?? '');
  return mac === undefined ? { why: 'bad-request', detail: 'MAC' } : { mac };
}

/**
 * Which ISO a machine may mount, and what is written into it.
 *
 * @param machine the record with the MAC in the path, if there is one
 * @param synced false while neither a first sync nor a snapshot has come
 * @param room bytes of the magic string
 */
export function decideMount(
  machine: Machine | undefined,
  synced: boolean,
  settings: MountSettings,
  syslogHost: string,
  room: number,
): MountDecision {
  const verdict = mayBoot(machine === undefined ? [] : [machine], synced);
  if (!verdict.allowed) return { why: verdict.why };
  const url = sourceOf(verdict.machine, settings);
  if (url === undefined) return { why: 'no-iso-source' };
  const decision = decidePatch(verdict.machine, settings, syslogHost, room);
  return 'why' in decision ? decision : { url, patch: decision.patch, machine: verdict.machine };
}

/** The machine's own before everybody's. */
function sourceOf({ isoSource }: Machine, { isoUrl }: MountSettings): URL | undefined {
  if (isoSource === undefined || isoSource === '') return isoUrl;
  const url = URL.canParse(isoSource) ? new URL(isoSource) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}
