import { expect } from 'chai';
import { Backoff } from '#shared/hardware/backoff.ts';

const limits = { min: 100, max: 5000 };
const waits = (backoff: Backoff, count: number) => Array.from({ length: count }, () => backoff.next());

describe('shared/hardware/backoff.ts', () => {
  it('doubles its limit up to the cap, and no further', () => {
    const backoff = new Backoff(limits, () => 1);
    expect(waits(backoff, 9)).to.deep.equal([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  });

  it('draws each wait from all of its limit', () => {
    expect(waits(new Backoff(limits, () => 0), 3)).to.deep.equal([0, 0, 0]);
    expect(waits(new Backoff(limits, () => 0.5), 3)).to.deep.equal([50, 100, 200]);
    for (const wait of waits(new Backoff(limits), 1000)) expect(wait).to.be.within(0, 5000);
  });

  it('begins anew after a success', () => {
    const backoff = new Backoff(limits, () => 1);
    waits(backoff, 5);
    backoff.reset();
    expect(waits(backoff, 2)).to.deep.equal([100, 200]);
  });
});
