import { expect } from 'chai';
import fc from 'fast-check';
import { parseContentRange, parseRange, widen } from '../../../../../services/http/wire/range.ts';

describe('services/http/wire/range.ts', () => {
  const rows: Record<string, ReturnType<typeof parseRange>> = {
    'bytes=0-0': { start: 0, end: 1 },
    'bytes=0-': { start: 0, end: 1000 },
    'bytes=10-19': { start: 10, end: 20 },
    'bytes=990-5000': { start: 990, end: 1000 },
    'Bytes= 1-2 ': { start: 1, end: 3 },
    'bytes=-1': { start: 999, end: 1000 },
    'bytes=-5000': { start: 0, end: 1000 },
    'bytes=-0': 'unsatisfiable',
    'bytes=1000-': 'unsatisfiable',
    'bytes=1000-1001': 'unsatisfiable',
    'bytes=99999999999999999999999999-': 'unsatisfiable',
    'bytes=0-99999999999999999999999999': { start: 0, end: 1000 },
    'bytes=5-4': undefined,
    'bytes=-': undefined,
    'bytes=': undefined,
    'bytes=a-b': undefined,
    'bytes=0-1,5-9': undefined,
    'items=0-1': undefined,
    '': undefined,
  };
  for (const [field, range] of Object.entries(rows)) {
    it(`reads ${JSON.stringify(field)}`, () => {
      expect(parseRange(field, 1000)).to.deep.equal(range);
    });
  }

  it('has nothing to give of an empty file', () => {
    expect(parseRange('bytes=0-', 0)).to.equal('unsatisfiable');
    expect(parseRange('bytes=-1', 0)).to.equal('unsatisfiable');
  });

  it('stays inside the file, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: 9 }), fc.nat({ max: 99 }), (noise, digits, size) => {
        for (const field of [noise, `bytes=${noise}`, `bytes=${digits}-${noise}`, `bytes=-${digits}`]) {
          const range = parseRange(field, size);
          if (typeof range !== 'object') continue;
          expect(range.start).to.be.at.least(0).and.below(range.end);
          expect(range.end).to.be.at.most(size);
        }
      }),
    );
  });

  it('reads a field as long as the headers may be in no time', () => {
    const since = performance.now();
    for (const part of ['0-,', '-', ' ', '1', '1-1,'])
      parseRange(`bytes=${part.repeat(16_384 / part.length)}`, 10);
    expect(performance.now() - since).to.be.lessThan(100);
  });

  it('reads what a 206 holds', () => {
    expect(parseContentRange('bytes 0-0/5000')).to.deep.equal({ start: 0, end: 1, size: 5000 });
    for (const field of ['bytes */5000', 'bytes 0-0/*', 'bytes 5-4/10', 'bytes 0-10/10', 'x 0-0/1', ''])
      expect(parseContentRange(field), field).to.equal(undefined);
  });

  it('widens a range as far as the file goes', () => {
    expect(widen({ start: 5, end: 8 }, 10, 100)).to.deep.equal({ start: 0, end: 18 });
    expect(widen({ start: 95, end: 98 }, 10, 100)).to.deep.equal({ start: 85, end: 100 });
  });
});
