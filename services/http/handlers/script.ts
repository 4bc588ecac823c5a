import { mayBoot, mayBootUnknown } from '#shared/boot/gate.ts';
import type { DhcpMode } from '#shared/boot/mode.ts';
import type { Machine, Machines } from '#shared/hardware/machine.ts';
import { type Mac, parseMac } from '#shared/mac.ts';
import { anyScript, decideScript, type ScriptSettings } from '../decide/script.ts';
import { renderScript, type Script } from '../wire/ipxe-script.ts';
import { plainText } from '../wire/media-type.ts';
import { type Answer, refusal } from './answer.ts';
import type { Asked } from './asked.ts';

/** The names of a script: the one that DHCP hands out, and the one that iPXE 2 looks for beside its own binary. */
const names: ReadonlySet<string> = new Set(['auto.ipxe', 'autoexec.ipxe']);

export function isScript(path: string): boolean {
  return names.has(path.split('/').at(-1) ?? '');
}

/** The settings that say who gets a script, and which. */
export type AnswerSettings = ScriptSettings & { readonly dhcpMode: DhcpMode };

/** `/[…/][<mac>/]auto.ipxe`: the script of the machine that the path names, else of the one at the source address. */
export function answerScript(asked: Asked, machines: Machines, settings: AnswerSettings): Answer {
  const named = parseMac(asked.path.split('/').at(-2) ?? '');
  const verdict = mayBoot(identify(named, asked, machines), machines.ready);
  if (!verdict.allowed && !mayBootUnknown(verdict, settings.dhcpMode)) {
    return refusal('script', verdict.why, { mac: named });
  }
  const mac = verdict.allowed ? verdict.machine.dhcp.mac : named;
  if (asked.here === undefined) return refusal('script', 'bad-request', { mac, detail: 'Host' });
  if (!verdict.allowed) return deliverable(anyScript(settings, asked.here), mac, asked);
  const decision = decideScript(verdict.machine, settings, asked.here);
  if ('why' in decision) return refusal('script', decision.why, { mac, detail: decision.detail });
  return deliverable(decision.script, mac, asked);
}

function deliverable(script: Script, mac: Mac | undefined, { path }: Asked): Answer {
  return {
    said: 'script',
    why: 'ok',
    status: 200,
    // It may hold registry credentials: no proxy keeps it.
    headers: { 'content-type': plainText, 'cache-control': 'no-store' },
    body: renderScript(script, path.endsWith('/autoexec.ipxe')),
    mac,
    detail: script.kind,
  };
}

function identify(named: Mac | undefined, { client }: Asked, machines: Machines): readonly Machine[] {
  if (named === undefined) return client === undefined ? [] : machines.byIp(client);
  const machine = machines.byMac(named);
  return machine === undefined ? [] : [machine];
}
