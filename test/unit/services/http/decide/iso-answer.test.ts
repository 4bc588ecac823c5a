import { expect } from 'chai';
import {
  type Conditions,
  decideIso,
  type IsoAnswer,
} from '../../../../../services/http/decide/iso-answer.ts';

const iso = { size: 100, etag: '"a"', ranges: true };
const whole: IsoAnswer = { status: 200, range: { start: 0, end: 100 } };
const part: IsoAnswer = { status: 206, range: { start: 0, end: 10 } };
const range = 'bytes=0-9';

describe('services/http/decide/iso-answer.ts', () => {
  const rows: Record<string, [Conditions, IsoAnswer]> = {
    'nothing more': [{}, whole],
    'a range': [{ range }, part],
    'a range behind the end': [{ range: 'bytes=100-' }, { why: 'range-not-satisfiable' }],
    'several ranges': [{ range: 'bytes=0-1,5-6' }, whole],
    'If-Range with its ETag': [{ range, 'if-range': '"a"' }, part],
    'If-Range with another': [{ range, 'if-range': '"b"' }, whole],
    'If-Range with a weak one': [{ range, 'if-range': 'W/"a"' }, whole],
    'If-Range with a date': [{ range, 'if-range': 'Sun, 22 Nov 2026 00:00:00 GMT' }, whole],
    'If-None-Match with its ETag': [{ 'if-none-match': '"b", W/"a"' }, { status: 304 }],
    'If-None-Match with another': [{ 'if-none-match': '"b"' }, whole],
    'If-None-Match with any': [{ 'if-none-match': '*' }, { status: 304 }],
    'If-Match with its ETag': [{ 'if-match': '"b", "a"' }, whole],
    'If-Match with a weak one': [{ 'if-match': 'W/"a"' }, { why: 'precondition-failed' }],
    'If-Match before If-None-Match': [
      { 'if-match': '"b"', 'if-none-match': '"a"' },
      { why: 'precondition-failed' },
    ],
    'If-None-Match before Range': [{ range, 'if-none-match': '"a"' }, { status: 304 }],
  };
  for (const [what, [fields, answer]] of Object.entries(rows)) {
    it(`answers a GET with ${what}`, () => {
      expect(decideIso('GET', fields, iso)).to.deep.equal(answer);
    });
  }

  it('passes over Range in a HEAD', () => {
    expect(decideIso('HEAD', { range }, iso)).to.deep.equal(whole);
  });

  it('never matches where there is no ETag', () => {
    const bare = { ...iso, etag: undefined };
    expect(decideIso('GET', { range, 'if-range': '"a"' }, bare)).to.deep.equal(whole);
    expect(decideIso('GET', { 'if-none-match': '"undefined"' }, bare)).to.deep.equal(whole);
  });

  it('matches no weak ETag where a strong one is needed', () => {
    const weak = { ...iso, etag: 'W/"a"' };
    expect(decideIso('GET', { range, 'if-range': 'W/"a"' }, weak)).to.deep.equal(whole);
    expect(decideIso('GET', { 'if-none-match': '"a"' }, weak)).to.deep.equal({ status: 304 });
  });

  it('refuses a part of what can only be had whole', () => {
    const noRanges = { ...iso, ranges: false };
    expect(decideIso('GET', { range }, noRanges)).to.deep.equal({ why: 'upstream-no-ranges' });
    expect(decideIso('GET', {}, noRanges)).to.deep.equal(whole);
  });
});
