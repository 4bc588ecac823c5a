import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { scenarios } from '../../bench/scenarios.ts';

const rows = Object.values(scenarios).flatMap(({ rows: own = [] }) => own);

describe('what the benchmarks promise', () => {
  it('is out of reach for three promises at most, and then it is said why', () => {
    const walls = rows.flatMap(({ work, wall }) => (wall === undefined ? [] : [{ work, ...wall }]));
    const promises = new Set(walls.map(({ promise }) => promise));
    expect([...promises]).to.have.lengthOf.at.most(3);
    for (const { work, tried, profile } of walls) {
      expect(tried.length, work).to.be.above(40);
      expect(profile.length, work).to.be.above(40);
    }
  });

  it('names each work once', () => {
    const works = rows.map(({ work }) => work);
    expect([...new Set(works)]).to.deep.equal(works);
  });
});

describe('the pictures of the benchmarks', () => {
  const page = readFileSync(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8');
  const drawing = Object.entries(scenarios).filter(([, { draw }]) => draw !== undefined);

  it('are of what grows: records, and machines at once', () => {
    expect(drawing.map(([name]) => name)).to.include.members(
      ['dhcp-records', 'dhcp-clients', 'tftp', 'http'].map((what) => `curves-${what}`),
    );
  });

  for (const [name, { draw }] of drawing) {
    it(`of ${name} have a place on the page, a name of their own, and words for who cannot see them`, () => {
      expect(page).to.include(`<!-- bench:${name} -->`);
      // Also when nothing was measured.
      for (const [file, svg] of Object.entries(draw?.({}) ?? {})) {
        expect(file).to.match(/^bench-[a-z-]+\.svg$/);
        expect(svg).to.match(/^<svg .*<title id="title">[^<]+<\/title>\s*<desc id="desc">[^<]+<\/desc>/s);
        expect(svg).not.to.match(/NaN|undefined|Infinity/);
      }
    });
  }

  it('are shown on the page when they were drawn', () => {
    const shown = [...page.matchAll(/\]\(images\/(bench-[\w-]+\.svg)\)/g)].map(([, file]) => file);
    const drawn = readdirSync(new URL('../../docs/images/', import.meta.url)).filter((file) =>
      file.endsWith('.svg'),
    );
    expect(drawn).to.have.members(shown);
  });
});
