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
  it('tells as much as can be while nobody asks', () => {
    const at = { now: 0, load: 0.05 };
    const pace = pacedAt(at);
    for (at.now = 100; at.now < 500; at.now += 100) expect(pace.allows(0.1)).to.equal(512);
  });

  it('tells some more than are admitted in the long run while machines ask', () => {
    const at = { now: 0, load: 0.3 };
    const pace = pacedAt(at);
    let told = 0;
    for (at.now = 100; at.now <= 1000; at.now += 100) told += pace.allows(0.1);
    expect(told).to.be.within(1100, 1400);
  });

  it('waits while the loop is busy, for a second, and then tells as much as can be', () => {
    const at = { now: 0, load: 1 };
    const pace = pacedAt(at);
    const told: number[] = [];
    for (at.now = 100; at.now <= 2500; at.now += 100) told.push(pace.allows(0.1));
    const none = Array<number>(9).fill(0);
    expect(told).to.deep.equal([...none, 512, ...none, 512, ...none.slice(0, 5)]);
  });

  it('does not wait any more once the loop has time again', () => {
    const at = { now: 100, load: 1 };
    const pace = pacedAt(at);
    expect(pace.allows(0.1)).to.equal(0);
    at.load = 0.1;
    expect(pace.allows(0.1)).to.equal(512);
  });

  it('neither waits nor tells less while the queue is nearly full', () => {
    expect(pacedAt({ now: 100, load: 0.3 }).allows(0.75)).to.equal(512);
    expect(pacedAt({ now: 100, load: 1 }).allows(0.75)).to.equal(512);
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
