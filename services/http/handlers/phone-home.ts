import { identify } from '#shared/boot/gate.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { parseMac } from '#shared/mac.ts';
import { type Answer, refusal } from './answer.ts';
import type { Asked } from './asked.ts';

export const phoneHomePath = '/phone-home';

/**
 * `/phone-home[/<mac>]`: the operating system says that it is up, which ends a boot. It is no part of booting: whoever has a
 * record is heard, may it boot or not. A stranger is refused, so that he learns that nobody waits for him.
 */
export function answerPhoneHome({ path, client }: Asked, machines: Machines): Answer {
  const [, text = '', ...rest] = path.slice(phoneHomePath.length).split('/');
  const named = text === '' ? undefined : parseMac(text);
  if (rest.length > 0 || (text !== '' && named === undefined)) {
    return refusal('phone-home', 'bad-request', { detail: 'MAC' });
  }
  const [machine, other] = identify({ named, client }, machines);
  if (other !== undefined) return refusal('phone-home', 'ambiguous-machine');
  if (machine === undefined) {
    return refusal('phone-home', machines.ready ? 'unknown-machine' : 'not-synced', { mac: named });
  }
  const { mac } = machine.dhcp;
  return {
    said: 'phone-home',
    why: 'ok',
    status: 204,
    headers: { 'cache-control': 'no-store' },
    body: '',
    mac,
  };
}
