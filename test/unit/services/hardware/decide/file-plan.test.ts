import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Candidate,
  type FileContent,
  planRecords,
  type Served,
} from '../../../../../services/hardware/decide/file-plan.ts';

/** A record that is its own content: what it wants, at a line of its own. */
function good(name: string, line: number, ...wants: string[]): Candidate<string> {
  const claims = wants.map((claim) => ({ claim, line: line + 1, field: claim.split(' ')[0]! }));
  return { name, mac: undefined, line, hardware: `${name} of line ${line}`, claims, findings: [] };
}

function bad(name: string | undefined, line: number): Candidate<string> {
  const findings = [{ line, field: 'x', what: 'is wrong' }];
  return { name, mac: undefined, line, hardware: undefined, claims: [], findings };
}

const holds = (file: string, ...candidates: Candidate<string>[]): FileContent<string> => ({
  file,
  readable: true,
  candidates,
  findings: [],
});
const broken = (file: string): FileContent<string> => ({
  file,
  readable: false,
  candidates: [],
  findings: [{ line: 3, field: '', what: 'is no YAML' }],
});

function plan(contents: readonly FileContent<string>[], served: Readonly<Record<string, Served>> = {}) {
  const { puts, keeps, reports } = planRecords(contents, new Map(Object.entries(served)));
  return {
    puts: puts.map(({ hardware }) => hardware),
    keeps: [...keeps],
    reports: reports.map(({ file, line, what, effect }) => `${file}:${line} ${what}: ${effect}`),
  };
}

describe('services/hardware/decide/file-plan.ts', () => {
  it('serves what stands in the files, in their order', () => {
    expect(plan([holds('1', good('b', 1), good('a', 5)), holds('2', good('c', 1))])).to.deep.equal({
      puts: ['b of line 1', 'a of line 5', 'c of line 1'],
      keeps: [],
      reports: [],
    });
  });

  for (const [what, claim] of [
    ['a name', undefined],
    ['a MAC', 'mac m'],
    ['an address', 'ip i'],
  ] as const) {
    it(`serves the first that takes ${what}, and reports the second`, () => {
      const wants = claim === undefined ? [] : [claim];
      const second = good(claim === undefined ? 'a' : 'b', 9, ...wants);
      const { puts, reports } = plan([holds('1', good('a', 1, ...wants)), holds('2', second)]);
      expect(puts).to.deep.equal(['a of line 1']);
      expect(reports).to.deep.equal([
        `2:${claim === undefined ? 9 : 10} ${claim ?? 'name a'} is taken by a (1, line 1): left-out`,
      ]);
    });
  }

  it('keeps the last good version of a record that is wrong', () => {
    expect(
      plan([holds('1', bad('a', 1), good('b', 5))], { a: { file: '1', claims: ['ip i'] } }),
    ).to.deep.equal({
      puts: ['b of line 5'],
      keeps: ['a'],
      reports: ['1:1 is wrong: last-good'],
    });
  });

  it('keeps nothing of a record that was never good', () => {
    expect(plan([holds('1', bad('a', 1))])).to.deep.equal({
      puts: [],
      keeps: [],
      reports: ['1:1 is wrong: left-out'],
    });
  });

  it('keeps the last good version of a record that comes too late, unless that too is taken', () => {
    const contents = [holds('1', good('a', 1, 'ip i'), good('b', 5, 'ip i'))];
    expect(plan(contents, { b: { file: '1', claims: ['ip j'] } }).keeps).to.deep.equal(['b']);
    expect(plan(contents, { b: { file: '1', claims: ['ip i'] } }).keeps).to.deep.equal([]);
  });

  it('keeps all of a file that cannot be read, in its place among the others', () => {
    const served = { a: { file: '1', claims: ['ip i'] }, b: { file: '1', claims: [] } };
    expect(plan([broken('1'), holds('2', good('c', 1, 'ip i'))], served)).to.deep.equal({
      puts: [],
      keeps: ['a', 'b'],
      reports: ['1:3 is no YAML: last-good', '2:2 ip i is taken by a (the last good 1): left-out'],
    });
  });

  it('deletes nothing of a file with a record that has no name', () => {
    const served = { a: { file: '1', claims: [] }, other: { file: '2', claims: [] } };
    const { keeps, reports } = plan([holds('1', bad(undefined, 1)), holds('2')], served);
    expect({ keeps, reports }).to.deep.equal({ keeps: ['a'], reports: ['1:1 is wrong: left-out'] });
  });

  it('deletes what stands in no file any more', () => {
    expect(
      plan([holds('1')], { a: { file: '1', claims: [] }, b: { file: 'gone', claims: [] } }).keeps,
    ).to.deep.equal([]);
  });

  it('never gives a name, a MAC or an address to two, whatever the files say', () => {
    const claim = fc.constantFrom('ip 1', 'ip 2', 'mac 1', 'mac 2');
    const name = fc.constantFrom<string>('a', 'b', 'c', 'd');
    const file = fc.constantFrom('1', '2');
    /** What is served is here what it takes. */
    const taking = (one: Candidate<string>): Candidate<readonly string[]> => ({
      ...one,
      hardware: [`name ${one.name}`, ...one.claims.map(({ claim: wants }) => wants)],
    });
    const candidate = fc.oneof(
      fc.tuple(name, fc.uniqueArray(claim)).map(([one, claims]) => taking(good(one, 1, ...claims))),
      fc.option(name, { nil: undefined }).map((one) => ({ ...bad(one, 1), hardware: undefined })),
    );
    const contents = fc.array(
      fc.tuple(file, fc.boolean(), fc.array(candidate)).map(([one, readable, all]) => ({
        file: one,
        readable,
        candidates: readable ? all : [],
        findings: [],
      })),
    );
    const servedBefore = fc
      .uniqueArray(fc.tuple(name, file, claim), { selector: ([, , one]) => one })
      .map((all) => new Map(all.map(([one, from, wants]) => [one, { file: from, claims: [wants] }])));
    fc.assert(
      fc.property(contents, servedBefore, (given, served) => {
        const { puts, keeps } = planRecords(given, served);
        const kept = [...keeps].map((one) => [`name ${one}`, ...(served.get(one)?.claims ?? [])]);
        const taken = [...puts.map(({ hardware }) => hardware), ...kept].flat();
        expect(taken).to.deep.equal([...new Set(taken)]);
      }),
    );
  });
});
