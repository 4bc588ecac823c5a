import type { Machine } from '#shared/hardware/machine.ts';
import { decideScript, type ScriptSettings } from '#shared/script/decide.ts';
import { renderScript } from '#shared/script/render.ts';
import { plainText } from '../wire/media-type.ts';
import { type Answer, refusal } from './answer.ts';
import type { Asked } from './asked.ts';

/** The script of a machine that may boot. */
export function answerScript(
  { machine, autoexec }: { readonly machine: Machine; readonly autoexec: boolean },
  { here }: Asked,
  settings: ScriptSettings,
): Answer {
  const { mac } = machine.dhcp;
  if (here === undefined) return refusal('script', 'bad-request', { mac, detail: 'Host' });
  const decision = decideScript(machine, settings, here);
  if ('why' in decision) return refusal('script', decision.why, { mac, detail: decision.detail });

  return {
    said: 'script',
    why: 'ok',
    status: 200,
    // It may hold registry credentials: no proxy keeps it.
    headers: { 'content-type': plainText, 'cache-control': 'no-store' },
    body: renderScript(decision.script, autoexec),
    mac,
    detail: decision.script.kind,
  };
}
