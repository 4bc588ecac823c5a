import { expect } from 'chai';
import { invalid, taken } from '../../../../../services/hardware/decide/refusals.ts';

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

  it('keeps the conflicts of a machine with hundreds of ports small enough for a header', () => {
    const conflicts = Array.from({ length: 512 }, (_, at) => ({
      field: `hardware.interfaces[${at}].dhcp.mac`,
      value: '52:54:00:77:00:01',
      owner: 'a-switch-with-many-ports',
    }));
    const { message, resources = [] } = taken(conflicts);
    expect(message).to.match(/^hardware\.interfaces\[0\]\.dhcp\.mac 52:.* more$/);
    expect(resources).to.have.length.greaterThan(5);
    expect(message.length + JSON.stringify(resources).length).to.be.lessThan(6_000);
    expect(taken(conflicts.slice(0, 2)).message).to.not.contain('more');
  });
});
