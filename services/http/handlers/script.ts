import { mayBoot } from '#shared/boot/gate.ts';
import type { Machine, Machines } from '#shared/hardware/machine.ts';
import { type Mac, parseMac } from '#shared/mac.ts';
import { decideScript, type ScriptSettings } from '../decide/script.ts';
import { renderScript } from '../wire/ipxe-script.ts';
import { plainText } from '../wire/media-type.ts';
import { type Answer, refusal } from './answer.ts';
import type { Asked } from './asked.ts';

/** The names of a script: the one that DHCP hands out, and the one that iPXE 2 looks for beside its own binary. */
const names: ReadonlySet<string> = new Set(['auto.ipxe', 'autoexec.ipxe']);

export function isScript(path: string): boolean {
  return names.has(path.split('/').at(-1) ?? '');
}

/** `/[…/][<mac>/]auto.ipxe`: the script of the machine that the path names, else of the one at the source address. */
export function answerScript(asked: Asked, machines: Machines, settings: ScriptSettings): Answer {
  const named = parseMac(asked.path.split('/').at(-2) ?? '');
  const verdict = mayBoot(identify(named, asked, machines), machines.ready);
  if (!verdict.allowed) return refusal('script', verdict.why, { mac: named });

  const { mac } = verdict.machine.dhcp;
  if (asked.here === undefined) return refusal('script', 'bad-request', { mac, detail: 'Host' });
  const decision = decideScript(verdict.machine, settings, asked.here);
  if ('why' in decision) return refusal('script', decision.why, { mac, detail: decision.detail });

  return {
    said: 'script',
    why: 'ok',
    status: 200,
    // It may hold registry credentials: no proxy keeps it.
    headers: { 'content-type': plainText, 'cache-control': 'no-store' },
    body: renderScript(decision.script, asked.path.endsWith('/autoexec.ipxe')),
    mac,
    detail: decision.script.kind,
  };
}

function identify(named: Mac | undefined, { client }: Asked, machines: Machines): readonly Machine[] {
  if (named === undefined) return client === undefined ? [] : machines.byIp(client);
  const machine = machines.byMac(named);
  return machine === undefined ? [] : [machine];
}
