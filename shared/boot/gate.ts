import type { Machine, Machines } from '../hardware/machine.ts';
import type { Ip4 } from '../ip4.ts';
import type { Mac } from '../mac.ts';
import type { DhcpMode } from './mode.ts';
import type { Reason } from './reasons.ts';

/** Whether an identified machine may boot, with the reason when not. */
export type Verdict =
  | { readonly allowed: true; readonly machine: Machine }
  | { readonly allowed: false; readonly why: Reason };

/** Who asks, as far as the request says. */
export interface Asker {
  /** The MAC in what is asked for. */
  readonly named: Mac | undefined;
  /** Where the request comes from. */
  readonly client: Ip4 | undefined;
}

/**
 * The one boot gate: every route that gives an identified machine something of its own asks here, and none decides by itself.
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

/** The records that a request can mean: the one of the MAC that it names; without one, those at its source address. */
export function identify({ named, client }: Asker, machines: Machines): readonly Machine[] {
  if (named === undefined) return client === undefined ? [] : machines.byIp(client);
  const machine = machines.byMac(named);
  return machine === undefined ? [] : [machine];
}

/**
 * The same gate for public bytes (loaders, files), which strangers get, too: why a known machine does not. Who shares an address
 * with others is refused only when none of them may boot.
 */
export function refusesKnown(asker: Asker, machines: Machines): Reason | undefined {
  const found = identify(asker, machines);
  const refused = found.every((machine) => !mayBoot([machine], machines.ready).allowed);
  return found.length > 0 && refused ? 'netboot-not-allowed' : undefined;
}
