import { expect } from 'chai';
import { EventBudget } from '#shared/events/budget.ts';
import type { BootEvent } from '#shared/events/event.ts';

const base = { at: 0, mac: undefined, outcome: 'yes', why: 'ok', said: '', details: {}, ms: 0 } as const;
const ofMachine: BootEvent = { ...base, name: 'node07', stage: 'dhcp' };
const ofItsSyslog: BootEvent = { ...base, name: 'node07', stage: 'syslog' };
const ofStranger: BootEvent = { ...base, stage: 'dhcp' };

describe('shared/events/budget.ts', () => {
  const budgetAt = (clock: { now: number }) => {
    const budget = new EventBudget(() => clock.now);
    return (event: BootEvent, times: number) =>
      Array.from({ length: times }).filter(() => budget.admits(event)).length;
  };

  it('lets ten thousand machines boot in a minute, eight events each', () => {
    const clock = { now: 0 };
    const admitted = budgetAt(clock);
    let sum = 0;
    for (; clock.now < 60_000; clock.now += 100) sum += admitted(ofMachine, 80_000 / 600);
    expect(sum).to.be.at.least(79_000);
  });

  it('ends a storm that does not end', () => {
    const clock = { now: 0 };
    const admitted = budgetAt(clock);
    expect(admitted(ofMachine, 60_000)).to.equal(50_000);
    clock.now = 1000;
    expect(admitted(ofMachine, 30_000)).to.equal(1000);
  });

  it('lets a rack fetch whose addresses another server gives, and nobody who is refused', () => {
    const admitted = budgetAt({ now: 0 });
    expect(admitted({ ...base, stage: 'http' }, 2000)).to.equal(2000);
    expect(admitted({ ...base, stage: 'tftp', outcome: 'no' }, 1000)).to.equal(100);
    expect(admitted({ ...base, stage: 'http' }, 10_000)).to.equal(3000);
  });

  it('lets neither strangers nor chatter take what is for boots', () => {
    const admitted = budgetAt({ now: 0 });
    expect(admitted(ofStranger, 1000)).to.equal(100);
    expect(admitted(ofItsSyslog, 10_000)).to.equal(5000);
    expect(admitted(ofMachine, 1000)).to.equal(1000);
  });
});
