import type { Boot__Output } from '#shared/generated/smee/boot/v1/Boot.ts';
import { Scratch } from './scratch.ts';

/** smee.boot.v1.Boot.State and smee.boot.v1.Stage, by name. */
const states = { STATE_UNSPECIFIED: 0, BOOTING: 1, BOOTED: 2, FAILED: 3, HANDED_OVER: 4 } as const;
const stages = { STAGE_UNSPECIFIED: 0, DHCP: 1, TFTP: 2, HTTP: 3, ISO: 4, SYSLOG: 5, OS: 6 } as const;

const scratch = new Scratch();

/**
 * smee.boot.v1.Boot, byte for byte as protobufjs writes it, which makes every message once more before: a boot is written anew with
 * each event.
 */
export function bootBytes(boot: Boot__Output): Uint8Array {
  const { machine, state, stage } = boot;
  scratch.number(1, boot.id);
  if (machine !== undefined) {
    const begun = scratch.begin(2);
    scratch.text(1, machine.mac);
    scratch.text(2, machine.name);
    scratch.text(3, machine.clientUuid);
    scratch.text(4, machine.address);
    scratch.end(begun);
  }
  scratch.number(3, state && states[state]);
  scratch.number(4, stage && stages[stage]);
  scratch.text(5, boot.reason);
  scratch.text(6, boot.detail);
  scratch.text(7, boot.means);
  scratch.text(8, boot.action);
  scratch.text(9, boot.arch);
  scratch.text(10, boot.client);
  scratch.number(11, boot.startedUnixMilli);
  scratch.number(12, boot.lastUnixMilli);
  scratch.number(13, boot.events);
  for (const span of boot.stages) {
    const begun = scratch.begin(14);
    scratch.number(1, span.stage && stages[span.stage]);
    scratch.number(2, span.startedUnixMilli);
    scratch.number(3, span.lastUnixMilli);
    scratch.number(4, span.ok === undefined ? undefined : Number(span.ok));
    scratch.end(begun);
  }
  return scratch.take();
}
