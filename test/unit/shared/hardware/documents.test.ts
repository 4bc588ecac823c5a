import { expect } from 'chai';
import { readHardware } from '#shared/hardware/documents.ts';

describe('shared/hardware/documents.ts', () => {
  it('names every mistake, also more of them than a function takes arguments', () => {
    const { records, problems } = readHardware('a: 1\n'.repeat(150_000));
    expect(records).to.deep.equal([]);
    expect(problems).to.have.length(149_999);
  });
});
