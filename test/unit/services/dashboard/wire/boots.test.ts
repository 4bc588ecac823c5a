import { expect } from 'chai';
import type { Boot__Output } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent__Output } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { toBoot, toEvent, toSummary } from '../../../../../services/dashboard/wire/boots.ts';

describe('services/dashboard/wire/boots', () => {
  it('reads a boot with nothing in it', () => {
    expect(toBoot({ stages: [] })).to.deep.include({
      id: 0,
      state: 'booting',
      stage: undefined,
      spans: [],
      from: 0,
    });
    expect(toBoot({ stages: [] }).machine).to.deep.equal({ mac: '', name: '', uuid: '', address: '' });
  });

  it('leaves out a stage that a later release may have', () => {
    const stages = [
      { stage: 'LATER' },
      { stage: 'TFTP', startedUnixMilli: 5 },
    ] as unknown as Boot__Output['stages'];
    expect(toBoot({ stages }).spans).to.deep.equal([{ stage: 'tftp', from: 5, to: 5, ok: false }]);
  });

  it('does not call a machine unknown that has its record by now', () => {
    const boot: Boot__Output = {
      stages: [],
      reason: 'unknown-machine',
      means: 'No record.',
      machine: { mac: 'a' },
    };
    expect(toBoot(boot).means).to.equal('No record.');
    expect(toBoot({ ...boot, machine: { mac: 'a', name: 'n' } }).means).to.include('has a record by now');
  });

  it('says a reason in a sentence, and nothing of ok or of what it does not know', () => {
    const means = (reason: string) => toEvent({ reason, details: {} } as BootEvent__Output).means;
    expect(means('dhcp-disabled')).to.equal('The record says disableDhcp for this interface.');
    expect([means('ok'), means('of-a-later-release'), means('toString'), means('__proto__')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('counts nothing where nothing is said', () => {
    expect(toSummary(undefined)).to.deep.equal({
      booting: 0,
      booted: 0,
      failed: 0,
      handedOver: 0,
      unknown: 0,
    });
  });

  it('counts as failed who ought to boot', () => {
    const summary = { failed: 5, unknown: 2, booting: 1 };
    expect(toSummary(summary)).to.include({ failed: 3, unknown: 2, booting: 1 });
  });
});
