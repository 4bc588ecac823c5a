import { expect } from 'chai';
import { loopUtilization, Pace } from '#shared/events/pace.ts';

/** A pace whose clock and whose load are the test's. */
function pacedAt(at: { now: number; load: number }): Pace {
  return new Pace(
    () => at.load,
    () => at.now,
  );
}

describe('shared/events/pace.ts', () => {
  it('tells at once while there is time', () => {
    const at = { now: 0, load: 0.5 };
    const pace = pacedAt(at);
    for (at.now = 100; at.now < 500; at.now += 100) expect(pace.allows(0.1)).to.equal(true);
  });

  it('waits while the loop is busy, for a second', () => {
    const at = { now: 0, load: 1 };
    const pace = pacedAt(at);
    const told: number[] = [];
    for (at.now = 100; at.now <= 2500; at.now += 100) if (pace.allows(0.1)) told.push(at.now);
    expect(told).to.deep.equal([1000, 2000]);
  });

  it('does not wait any more once the loop has time again', () => {
    const at = { now: 100, load: 1 };
    const pace = pacedAt(at);
    expect(pace.allows(0.1)).to.equal(false);
    at.load = 0.2;
    expect(pace.allows(0.1)).to.equal(true);
  });

  it('does not wait while the queue is half full', () => {
    expect(pacedAt({ now: 100, load: 1 }).allows(0.5)).to.equal(true);
  });

  it('sees that this process was busy', async () => {
    const utilization = loopUtilization();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const until = performance.now() + 100;
    while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
    expect(utilization()).to.be.within(0.3, 1);
  });
});
