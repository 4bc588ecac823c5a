import { expect } from 'chai';
import { Looks } from '../../../../../services/http/file/looks.ts';

describe('services/http/file/looks.ts', () => {
  it('never looks twice at a time, whenever somebody asks, and shows nobody what was before he asked', async () => {
    const looks = new Looks<number>();
    let underWay = 0;
    let begun = 0;
    const look = async () => {
      expect(++underWay, 'looks at a time').to.equal(1);
      const number = ++begun;
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      underWay--;
      return number;
    };
    const asked: Promise<void>[] = [];
    for (let turn = 0; turn < 60; turn++) {
      const before = begun;
      asked.push(
        looks
          .ask('a file', look)
          .then((number) => expect(number).to.be.greaterThan(before))
          .then(() => {}),
      );
      await Promise.resolve();
    }
    await Promise.all(asked);
    expect(begun).to.be.lessThan(60);
  });

  it('looks again after a look that failed', async () => {
    const looks = new Looks<string>();
    const failed = looks.ask('a file', () => Promise.reject(new Error('no'))).catch(() => 'failed');
    const next = looks.ask('a file', async () => 'there');
    expect([await failed, await next]).to.deep.equal(['failed', 'there']);
  });
});
