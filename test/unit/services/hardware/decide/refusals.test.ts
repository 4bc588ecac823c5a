import { expect } from 'chai';
import { invalid } from '../../../../../services/hardware/decide/refusals.ts';

const violations = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ field: `f${at}`, description: 'must be better' }));

describe('services/hardware/decide/refusals.ts', () => {
  it('says all of a few violations in its sentence and in its details', () => {
    expect(invalid(violations(2))).to.deep.equal({
      code: 'INVALID_ARGUMENT',
      message: 'f0 must be better; f1 must be better',
      violations: violations(2),
    });
  });

  it('says the first five in its sentence, and all in its details', () => {
    const refusal = invalid(violations(50));
    expect(refusal.message).to.match(/^f0 .*; f4 must be better; and 45 more$/);
    expect(refusal.violations).to.deep.equal(violations(50));
  });

  it('keeps its details small enough for a header, and counts what it leaves out', () => {
    const { violations: told = [] } = invalid(violations(1000));
    const more = told.at(-1)?.description.match(/^has (\d+) more/)?.[1];
    expect(told.length - 1 + Number(more)).to.equal(1000);
    expect(JSON.stringify(told).length).to.be.lessThan(12_000);
  });
});
