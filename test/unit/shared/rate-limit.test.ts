import { expect } from 'chai';
import { RateLimit } from '#shared/rate-limit.ts';

describe('shared/rate-limit.ts', () => {
  let now = 0;
  const clock = () => now;
  const allowed = (limit: RateLimit, tries: number) =>
    Array.from({ length: tries }, () => limit.allow()).filter(Boolean).length;

  beforeEach(() => {
    now = 1000;
  });

  it('allows the burst at once, then nothing', () => {
    expect(allowed(new RateLimit(10, 3, clock), 8)).to.equal(3);
  });

  it('refills by the rate as time passes', () => {
    const limit = new RateLimit(10, 3, clock);
    allowed(limit, 3);
    now += 200;
    expect(allowed(limit, 8)).to.equal(2);
  });

  it('never holds more than the burst', () => {
    const limit = new RateLimit(10, 3, clock);
    now += 3_600_000;
    expect(allowed(limit, 8)).to.equal(3);
  });

  it('counts what it refused, once', () => {
    const limit = new RateLimit(10, 3, clock);
    allowed(limit, 8);
    expect(limit.takeSuppressed()).to.equal(5);
    expect(limit.takeSuppressed()).to.equal(0);
  });
});
