import { expect } from 'chai';
import { RateLimit } from '#shared/rate-limit.ts';

describe('shared/rate-limit', () => {
  const clock = () => {
    const time = { now: 1000, read: () => time.now };
    return time;
  };

  it('allows a burst, then the average rate', () => {
    const time = clock();
    const limit = new RateLimit(2, 3, time.read);
    expect([1, 2, 3, 4].map(() => limit.allow())).to.deep.equal([true, true, true, false]);
    time.now += 500;
    expect([1, 2].map(() => limit.allow())).to.deep.equal([true, false]);
  });

  it('saves up no more than the burst', () => {
    const time = clock();
    const limit = new RateLimit(2, 3, time.read);
    time.now += 60_000;
    expect([1, 2, 3, 4].map(() => limit.allow())).to.deep.equal([true, true, true, false]);
  });

  it('counts what it refused, once', () => {
    const limit = new RateLimit(1, 1, clock().read);
    limit.allow();
    limit.allow();
    limit.allow();
    expect(limit.takeSuppressed()).to.equal(2);
    expect(limit.takeSuppressed()).to.equal(0);
  });

  it('survives a clock that is set back', () => {
    const time = clock();
    const limit = new RateLimit(1, 1, time.read);
    limit.allow();
    time.now -= 10_000;
    expect(limit.allow()).to.equal(false);
    time.now += 1000;
    expect(limit.allow()).to.equal(true);
  });
});
