import { expect } from 'chai';
import { mayBoot, mayBootUnknown, refusesNamed } from '#shared/boot/gate.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { parseMac } from '#shared/mac.ts';
import { fixedMachines, machine, notSynced } from '../../../support/machines.ts';

const allowed = machine();
const forbidden = machine({ netboot: { allowed: false } });

describe('shared/boot/gate.ts', () => {
  it('lets a machine boot whose record allows it', () => {
    expect(mayBoot([allowed], true)).to.deep.equal({ allowed: true, machine: allowed });
  });

  it('lets it boot from a snapshot, too: what is found counts, not whether we are in sync', () => {
    expect(mayBoot([allowed], false)).to.have.property('allowed', true);
  });

  const refusals = [
    ['nobody, before the first sync', [], false, 'not-synced'],
    ['nobody', [], true, 'unknown-machine'],
    ['two of one address, even when both may boot', [allowed, allowed], true, 'ambiguous-machine'],
    ['a machine whose record forbids it', [forbidden], true, 'netboot-not-allowed'],
  ] as const;
  for (const [name, found, synced, why] of refusals) {
    it(`refuses ${name}: ${why}`, () =>
      expect(mayBoot(found, synced)).to.deep.equal({ allowed: false, why }));
  }

  it('lets who has no record boot in auto-proxy mode, and nobody else who was refused', () => {
    const stranger = mayBoot([], true);
    expect(mayBootUnknown(stranger, 'auto-proxy')).to.equal(true);
    expect(mayBootUnknown(stranger, 'proxy')).to.equal(false);
    expect(mayBootUnknown(stranger, 'reservation')).to.equal(false);
    for (const other of [mayBoot([], false), mayBoot([forbidden], true), mayBoot([allowed, allowed], true)]) {
      expect(mayBootUnknown(other, 'auto-proxy')).to.equal(false);
    }
  });

  describe('for public bytes', () => {
    const other = parseMac('52:54:00:77:00:99');
    const machines = (one: Machine) => fixedMachines([one]);

    it('refuses a machine that names itself and may not boot', () =>
      expect(refusesNamed(forbidden.dhcp.mac, machines(forbidden))).to.equal('netboot-not-allowed'));

    it('refuses nobody else: a machine that may boot, one without a record, one without a name', () => {
      expect(refusesNamed(allowed.dhcp.mac, machines(allowed))).to.equal(undefined);
      expect(refusesNamed(other, machines(forbidden))).to.equal(undefined);
      expect(refusesNamed(undefined, machines(forbidden))).to.equal(undefined);
      expect(refusesNamed(other, notSynced)).to.equal(undefined);
    });
  });
});
