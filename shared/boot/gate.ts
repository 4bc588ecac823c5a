import type { Machine, Machines } from '../hardware/machine.ts';
import type { Mac } from '../mac.ts';
import type { DhcpMode } from './mode.ts';
import type { Reason } from './reasons.ts';

/** Whether an identified machine may boot, with the reason when not. */
export type Verdict =
  | { readonly allowed: true; readonly machine: Machine }
  | { readonly allowed: false; readonly why: Reason };

/**
 * The one boot gate: every route that gives an identified machine something of its own asks here, and none decides by itself.
 * Public bytes (loaders, artifacts) asked for without an identity do not come here.
 *
 * @param found what the machine's identity (MAC, or source address) was found to be: none, one, or several records
 * @param synced false while neither a first sync nor a snapshot has come: nobody is unknown yet
 */
export function mayBoot(found: readonly Machine[], synced: boolean): Verdict {
  const [machine, other] = found;
  if (machine === undefined) return { allowed: false, why: synced ? 'unknown-machine' : 'not-synced' };
  if (other !== undefined) return { allowed: false, why: 'ambiguous-machine' };
  if (!machine.netboot.allowed) return { allowed: false, why: 'netboot-not-allowed' };
  return { allowed: true, machine };
}

/** Whether a machine was refused only for want of a record, where none is required: what is public, it may boot. */
export function mayBootUnknown(verdict: Verdict, mode: DhcpMode): boolean {
  return mode === 'auto-proxy' && !verdict.allowed && verdict.why === 'unknown-machine';
}

/**
 * The same for public bytes, which strangers get, too: why a machine that names itself in the path does not.
 *
 * @param named the MAC in the path
 */
export function refusesNamed(named: Mac | undefined, machines: Machines): Reason | undefined {
  const machine = named === undefined ? undefined : machines.byMac(named);
  if (machine === undefined) return undefined;
  const verdict = mayBoot([machine], machines.ready);
  return verdict.allowed ? undefined : verdict.why;
}
