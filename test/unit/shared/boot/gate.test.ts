import { expect } from 'chai';
import { mayBoot } from '#shared/boot/gate.ts';
import { machine } from '../../../support/machines.ts';

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
});
