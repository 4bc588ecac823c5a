import { expect } from 'chai';
import fc from 'fast-check';
import { hookMagicString } from '../../../../../services/http/wire/hook-magic.ts';
import { Magic, overlapsItself, overlay, Patcher } from '../../../../../services/http/wire/magic.ts';
import { Cut, widen } from '../../../../../services/http/wire/range.ts';

const text = 'aab';
const magic = new Magic(Buffer.from(text));
const patch = Buffer.from('XYZ');

/** Few letters, so that whole and half occurrences are frequent. */
const files = fc
  .array(fc.constantFrom('a', 'b', 'aab', 'aa'), { maxLength: 60 })
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.nat({ max: 7 }), { maxLength: 80 });

/** The text in pieces of these lengths; the last takes the rest. */
function pieces(file: string, lengths: readonly number[]): Buffer[] {
  let rest = Buffer.from(file);
  const parts = lengths.map((length) => {
    const part = rest.subarray(0, length);
    rest = rest.subarray(length);
    return part;
  });
  return [...parts, rest];
}

const patchedWhole = (file: string) => file.replaceAll(text, 'XYZ');

describe('services/http/wire/magic.ts', () => {
  it('finds the default magic string, which has 1024 characters and does not overlap itself', () => {
    expect(hookMagicString).to.have.length(1024);
    expect(overlapsItself(hookMagicString)).to.equal(false);
    const file = Buffer.concat([Buffer.alloc(70_000, '4'), Buffer.from(hookMagicString), Buffer.alloc(9)]);
    expect(new Magic(Buffer.from(hookMagicString)).find(file)).to.equal(70_000);
  });

  for (const [one, overlaps] of Object.entries({ a: false, ab: false, aa: true, aba: true, abcab: true })) {
    it(`says that ${one} ${overlaps ? 'overlaps' : 'does not overlap'} itself`, () => {
      expect(overlapsItself(one)).to.equal(overlaps);
    });
  }

  it('finds what indexOf finds', () => {
    fc.assert(
      fc.property(files, fc.nat({ max: 20 }), (file, from) => {
        expect(magic.find(Buffer.from(file), from)).to.equal(file.indexOf(text, from));
      }),
    );
  });

  it('patches every occurrence, however the bytes come in pieces', () => {
    fc.assert(
      fc.property(files, cuts, (file, lengths) => {
        const found: number[] = [];
        const patcher = new Patcher(magic, patch, (at) => found.push(at));
        const out = pieces(file, lengths).map((piece) => patcher.push(piece));
        expect(String(Buffer.concat([...out, patcher.end()]))).to.equal(patchedWhole(file));
        expect(found).to.deep.equal([...file.matchAll(/aab/g)].map(({ index }) => index));
      }),
    );
  });

  it('gives of any range, fetched with its surroundings in any pieces, the same part of the patched whole', () => {
    fc.assert(
      fc.property(files, cuts, fc.nat({ max: 200 }), fc.nat({ max: 200 }), (file, lengths, one, two) => {
        const start = Math.min(one, two, file.length);
        const range = { start, end: Math.min(Math.max(one, two), file.length) };
        const wide = widen(range, magic.length - 1, file.length);
        const cut = new Cut(wide, range);
        const patcher = new Patcher(magic, patch);
        const out = pieces(file.slice(wide.start, wide.end), lengths).map((piece) =>
          cut.take(patcher.push(piece)),
        );
        const got = String(Buffer.concat([...out, cut.take(patcher.end())]));
        expect(got).to.equal(patchedWhole(file).slice(range.start, range.end));
      }),
    );
  });

  it('gives the same with an index, without its surroundings', () => {
    fc.assert(
      fc.property(files, cuts, fc.nat({ max: 200 }), (file, lengths, from) => {
        const start = Math.min(from, file.length);
        const places = [...file.matchAll(/aab/g)].map(({ index }) => index);
        let at = start;
        const out = pieces(file.slice(start), lengths).map((piece) => {
          const patched = overlay(piece, at, places, patch);
          at += piece.length;
          return patched;
        });
        expect(String(Buffer.concat(out))).to.equal(patchedWhole(file).slice(start));
      }),
    );
  });

  it('changes no piece that it was given, and copies none without an occurrence', () => {
    const plain = Buffer.from('bbbb');
    expect(new Patcher(magic, patch).push(plain).buffer).to.equal(plain.buffer);
    const given = Buffer.from('baabb');
    new Patcher(magic, patch).push(given);
    expect(String(given)).to.equal('baabb');
  });
});
