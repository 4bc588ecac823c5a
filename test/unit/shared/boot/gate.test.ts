import { expect } from 'chai';
import { identify, mayBoot, mayBootUnknown, refusesKnown } from '#shared/boot/gate.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { parseIp4 } from '#shared/ip4.ts';
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

  const stranger = parseMac('52:54:00:77:00:99');
  const client = parseIp4('192.168.77.107');

  describe('who asks', () => {
    const machines = fixedMachines([allowed]);
    it('is the machine that is named, wherever the request comes from', () =>
      expect(identify({ named: allowed.dhcp.mac, client: 1 }, machines)).to.deep.equal([allowed]));
    it('is nobody when a stranger is named, also from the address of a machine', () =>
      expect(identify({ named: stranger, client }, machines)).to.deep.equal([]));
    it('is the machine at the source address when nobody is named', () =>
      expect(identify({ named: undefined, client }, machines)).to.deep.equal([allowed]));
    it('is nobody without name and address', () =>
      expect(identify({ named: undefined, client: undefined }, machines)).to.deep.equal([]));
  });

  describe('for public bytes', () => {
    const machines = (...ones: Machine[]) => fixedMachines(ones);
    const named = forbidden.dhcp.mac;

    it('refuses a machine that may not boot, by its name or by its address', () => {
      expect(refusesKnown({ named, client: 1 }, machines(forbidden))).to.equal('netboot-not-allowed');
      expect(refusesKnown({ named: undefined, client }, machines(forbidden))).to.equal('netboot-not-allowed');
    });

    it('refuses an address that two machines share only when neither may boot', () => {
      const asker = { named: undefined, client };
      expect(refusesKnown(asker, machines(forbidden, forbidden))).to.equal('netboot-not-allowed');
      expect(refusesKnown(asker, machines(forbidden, allowed))).to.equal(undefined);
    });

    it('refuses nobody else: a machine that may boot, one without a record, nobody in particular', () => {
      expect(refusesKnown({ named, client }, machines(allowed))).to.equal(undefined);
      expect(refusesKnown({ named: stranger, client }, machines(forbidden))).to.equal(undefined);
      expect(refusesKnown({ named: undefined, client: 1 }, machines(forbidden))).to.equal(undefined);
      expect(refusesKnown({ named: stranger, client }, notSynced)).to.equal(undefined);
    });
  });
});
