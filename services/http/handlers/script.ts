import type { Machine } from '#shared/hardware/machine.ts';
import type { Mac } from '#shared/mac.ts';
import { anyScript, decideScript, type ScriptSettings } from '#shared/script/decide.ts';
import { renderScript, type Script } from '#shared/script/render.ts';
import { plainText } from '../wire/media-type.ts';
import { type Answer, refusal } from './answer.ts';
import type { Asked } from './asked.ts';

/** For whom; without a machine it is for any. */
interface Wanted {
  readonly machine: Machine | undefined;
  readonly autoexec: boolean;
}

/**
 * The script of a machine that may boot.
 * @param named the MAC in the path
 */
export function answerScript(
  { machine, autoexec }: Wanted,
  named: Mac | undefined,
  { here }: Pick<Asked, 'here'>,
  settings: ScriptSettings,
): Answer {
  const mac = machine?.dhcp.mac ?? named;
  if (here === undefined) return refusal('script', 'bad-request', { mac, detail: 'Host' });
  if (machine === undefined) return deliverable(anyScript(settings, here), autoexec, mac);
  const decision = decideScript(machine, settings, here);
  if ('why' in decision) return refusal('script', decision.why, { mac, detail: decision.detail });
  return deliverable(decision.script, autoexec, mac);
}

function deliverable(script: Script, autoexec: boolean, mac: Mac | undefined): Answer {
  return {
    said: 'script',
    why: 'ok',
    status: 200,
    // It may hold registry credentials: no proxy keeps it.
    headers: { 'content-type': plainText, 'cache-control': 'no-store' },
    body: renderScript(script, autoexec),
    mac,
    detail: script.kind,
  };
}
