import { expect } from 'chai';
import { parseMac } from '#shared/mac.ts';
import { NakLimit } from '../../../../services/dhcp/nak-limit.ts';

const macNumber = (number: number) => parseMac(number.toString(16).padStart(12, '0'))!;

describe('services/dhcp/nak-limit', () => {
  it('lets a machine have five NAKs, then one every ten seconds', () => {
    let now = 0;
    const limit = new NakLimit(() => now);
    const asked = () => limit.allow(macNumber(1));
    expect([1, 2, 3, 4, 5, 6].map(asked)).to.deep.equal([true, true, true, true, true, false]);
    now += 10_000;
    expect([1, 2].map(asked)).to.deep.equal([true, false]);
  });

  it('does not let one machine use up what is for another', () => {
    const limit = new NakLimit(() => 0);
    for (let time = 0; time < 10; time++) limit.allow(macNumber(1));
    expect(limit.allow(macNumber(2))).to.equal(true);
  });

  it('forgets the oldest of many, so that its memory is bounded', () => {
    const limit = new NakLimit(() => 0);
    for (let time = 0; time < 6; time++) limit.allow(macNumber(0));
    expect(limit.allow(macNumber(0))).to.equal(false);
    for (let number = 1; number <= 4096; number++) limit.allow(macNumber(number));
    expect(limit.allow(macNumber(0))).to.equal(true);
  });
});
