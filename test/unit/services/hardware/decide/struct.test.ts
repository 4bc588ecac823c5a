import { expect } from 'chai';
import type { Value } from '../../../../../services/hardware/decide/record.ts';
import { structDepth } from '../../../../../services/hardware/decide/struct.ts';

const text: Value = {};

describe('services/hardware/decide/struct.ts', () => {
  it('counts levels through objects and lists', () => {
    expect(structDepth(undefined, 9)).to.equal(0);
    expect(structDepth({ fields: { a: text } }, 9)).to.equal(1);
    expect(
      structDepth(
        { fields: { a: { structValue: { fields: { b: { listValue: { values: [text] } } } } } } },
        9,
      ),
    ).to.equal(3);
  });

  it('stops just beyond its limit, however deep it goes', () => {
    let deep = text;
    for (let level = 0; level < 100_000; level++) deep = { listValue: { values: [deep] } };
    expect(structDepth({ fields: { deep } }, 32)).to.equal(33);
  });
});
