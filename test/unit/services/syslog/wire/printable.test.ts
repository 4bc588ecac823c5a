import { expect } from 'chai';
import { printable, printableJson } from '../../../../../services/syslog/wire/printable.ts';

describe('services/syslog/wire/printable.ts', () => {
  const rows: readonly [name: string, text: string, shown: string][] = [
    ['ANSI colours', '\x1b[31mred', '\\x1b[31mred'],
    ['line breaks', 'a\r\n{"level":"info"}', 'a\\x0d\\x0a{"level":"info"}'],
    ['C1 controls', '\x9b2J', '\\x9b2J'],
    ['text turned around', '\u202egnp.exe', '\\u202egnp.exe'],
    ['half a surrogate pair', '\ud83d', '\\ud83d'],
  ];
  for (const [name, text, shown] of rows) {
    it(`escapes ${name}`, () => expect(printable(text, 100)).to.equal(shown));
  }

  it('leaves tabs and every script alone', () => {
    expect(printable('a\tüñ 漢字 🚀', 100)).to.equal('a\tüñ 漢字 🚀');
  });

  it('cuts long text and says how much is missing', () => {
    expect(printable('abcdef', 4)).to.equal('abcd… (2 more)');
  });

  it('reaches into JSON, names included, down to a depth', () => {
    expect(printableJson({ 'a\n': ['\x1b', 1, null, true] }, 100)).to.deep.equal({
      'a\\x0a': ['\\x1b', 1, null, true],
    });
    expect(printableJson(JSON.parse('[[["deep"]]]'), 100, 2)).to.deep.equal([['…']]);
  });
});
