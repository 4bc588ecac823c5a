import { expect } from 'chai';
import { shared } from '../../../../services/dashboard/shared-answer.ts';

describe('services/dashboard/shared-answer', () => {
  it('asks once for all who ask within a moment, and again after it', async () => {
    let [asked, now] = [0, 0];
    const ask = shared(
      async () => ++asked,
      500,
      () => now,
    );
    expect(await Promise.all([ask(), ask()])).to.deep.equal([1, 1]);
    now = 499;
    expect(await ask()).to.equal(1);
    now = 500;
    expect(await ask()).to.equal(2);
  });

  it('shares a failure with those who wait for it, and keeps none', async () => {
    let asked = 0;
    const ask = shared(async () => {
      if (++asked === 1) throw new Error('away');
      return 'here';
    }, 500);
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(await ask()).to.equal('here');
  });
});
