import { expect } from 'chai';
import { Vigil } from '#shared/udp/vigil.ts';

/** A vigil whose clock stands at 1 s, and what happens to it. */
function vigil() {
  const one = new Vigil();
  let now = 1000;
  const after = (ms: number) => {
    now += ms;
  };
  return {
    heard(ms = 0, answered = true): void {
      after(ms);
      one.heard(now, answered);
    },
    waits(ms = 0): boolean {
      after(ms);
      return one.waits(now);
    },
    /** A datagram, and nothing after it for as long as it is worth waiting. */
    hearsNothingMore(): boolean {
      one.heard(now, true);
      const waited = one.waits(now);
      after(0.2);
      expect(one.waits(now)).to.equal(false);
      return waited;
    },
  };
}

describe('shared/udp/vigil.ts', () => {
  it('waits for nothing before the first datagram', () => {
    expect(vigil().waits()).to.equal(false);
  });

  it('waits a tenth of a millisecond after each datagram', () => {
    const it = vigil();
    it.heard();
    expect([it.waits(), it.waits(0.09), it.waits(0.02), it.waits()]).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
    it.heard(5);
    expect(it.waits(0.09)).to.equal(true);
    it.heard();
    expect(it.waits(0.09)).to.equal(true);
  });

  it('waits for nothing after what was not answered, and no shorter for who was answered before', () => {
    const it = vigil();
    it.heard(0, false);
    expect(it.waits()).to.equal(false);
    it.heard();
    it.heard(0.05, false);
    expect([it.waits(0.04), it.waits(0.02)]).to.deep.equal([true, false]);
  });

  it('gives up on peers that take longer, but for one datagram in 64', () => {
    const it = vigil();
    const waited = Array.from({ length: 8 + 128 }, () => it.hearsNothingMore());
    expect(waited.slice(0, 8)).to.deep.equal(Array(8).fill(true));
    expect(waited.flatMap((one, at) => (one ? [at - 7] : []))).to.deep.equal([
      -7, -6, -5, -4, -3, -2, -1, 0, 64, 128,
    ]);
  });

  it('waits for all again when one came in time', () => {
    const it = vigil();
    let waited = true;
    while (waited) waited = it.hearsNothingMore();
    while (!waited) {
      it.heard();
      waited = it.waits();
    }
    it.heard(0.05);
    expect(Array.from({ length: 8 }, () => it.hearsNothingMore())).to.deep.equal(Array(8).fill(true));
  });

  for (const [what, meanwhile] of [
    ['nothing came', 'waits'],
    ['something came', 'heard'],
  ] as const) {
    it(`gives way for 200 ms when it was kept from looking for long, and ${what} meanwhile`, () => {
      const it = vigil();
      it.heard();
      it[meanwhile](3);
      it.heard(1);
      expect(it.waits()).to.equal(false);
      it.heard(198);
      expect(it.waits()).to.equal(false);
      it.heard(2);
      expect(it.waits()).to.equal(true);
    });
  }

  it('takes no rest for silence while nobody waits', () => {
    const it = vigil();
    it.hearsNothingMore();
    it.heard(1000);
    expect(it.waits()).to.equal(true);
  });
});
