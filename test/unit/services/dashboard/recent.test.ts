import { expect } from 'chai';
import { Recent } from '../../../../services/dashboard/recent.ts';

const texts = (kept: readonly Buffer[] | undefined) => kept?.map(String);

describe('services/dashboard/recent', () => {
  it('gives what came after a number', () => {
    const recent = new Recent(100);
    for (const each of ['a', 'b', 'c']) recent.add((seq) => `${seq}${each}`);
    expect(recent.seq).to.equal(3);
    expect(texts(recent.after(0))).to.deep.equal(['1a', '2b', '3c']);
    expect(texts(recent.after(2))).to.deep.equal(['3c']);
    expect(texts(recent.after(3))).to.deep.equal([]);
  });

  it('says when something is missing: forgotten, or not yet told', () => {
    const recent = new Recent(4);
    for (let at = 0; at < 5; at++) recent.add(() => 'xx');
    expect(texts(recent.after(3))).to.deep.equal(['xx', 'xx']);
    expect(recent.after(2)).to.equal(undefined);
    expect(recent.after(6)).to.equal(undefined);
    expect(recent.after(Number.NaN)).to.equal(undefined);
  });

  it('keeps nothing that is larger than all it may keep, and goes on', () => {
    const recent = new Recent(4);
    recent.add(() => 'far too long');
    expect(recent.after(0)).to.equal(undefined);
    recent.add(() => 'ok');
    expect(texts(recent.after(1))).to.deep.equal(['ok']);
  });
});
