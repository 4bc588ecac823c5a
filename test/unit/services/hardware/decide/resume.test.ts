import { expect } from 'chai';
import { checkWatch } from '../../../../../services/hardware/decide/resume.ts';

const store = { id: 'this', revision: 20, oldest: 10 };

describe('services/hardware/decide/resume.ts', () => {
  const cases = [
    { of: 'a new watcher', storeId: '', sinceRevision: 0, code: undefined },
    { of: 'one that starts over from another store', storeId: 'other', sinceRevision: 0, code: undefined },
    { of: 'the oldest revision that is kept', storeId: 'this', sinceRevision: 10, code: undefined },
    { of: 'one that missed nothing', storeId: 'this', sinceRevision: 20, code: undefined },
    { of: 'a revision that is forgotten', storeId: 'this', sinceRevision: 9, code: 'OUT_OF_RANGE' },
    { of: 'a revision ahead of the store', storeId: 'this', sinceRevision: 21, code: 'OUT_OF_RANGE' },
    { of: 'another store', storeId: 'other', sinceRevision: 15, code: 'OUT_OF_RANGE' },
    { of: 'no store', storeId: '', sinceRevision: 15, code: 'INVALID_ARGUMENT' },
  ];
  for (const { of, code, ...from } of cases) {
    it(`${code === undefined ? 'continues' : `refuses, ${code},`} ${of}`, () => {
      expect(checkWatch(from, store)?.code).to.equal(code);
    });
  }
});
