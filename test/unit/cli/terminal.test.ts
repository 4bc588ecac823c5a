import { expect } from 'chai';
import { jsonLine, padTo, widthOf, wrap } from '../../../cli/terminal.ts';

describe('cli/terminal.ts', () => {
  for (const [text, width] of [
    ['', 0],
    ['node07', 6],
    ['Zürich', 6],
    ['Zu\u0308rich', 6],
    ['機械', 4],
    ['🚀', 2],
  ] as const) {
    it(`takes ${width} columns for ${JSON.stringify(text)}`, () => {
      expect(widthOf(text)).to.equal(width);
      expect(widthOf(padTo(8, text))).to.equal(8);
    });
  }

  it('breaks lines between words, and words that are longer than a line', () => {
    expect(wrap('the quick brown fox', 9)).to.deep.equal(['the quick', 'brown fox']);
    expect(wrap('機械 機械 機械', 9)).to.deep.equal(['機械 機械', '機械']);
    expect(wrap('a 0123456789 b', 4)).to.deep.equal(['a', '0123', '4567', '89 b']);
    expect(wrap('', 4)).to.deep.equal(['']);
  });

  it('never makes a line that is too wide, and loses nothing', () => {
    const text = 'There is no iPXE binary 機械 for this architecture in /a/very/long/folder/name/indeed 🚀';
    for (let width = 2; width < 40; width++) {
      const lines = wrap(text, width);
      expect(Math.max(...lines.map(widthOf)), `${width}`).to.be.at.most(width);
      expect(lines.join('').replaceAll(' ', '')).to.equal(text.replaceAll(' ', ''));
    }
  });

  it('writes JSON that is only ASCII, and reads the same', () => {
    const value = { text: 'é\u009b\u202e🚀\n' };
    expect(jsonLine(value)).to.match(/^[ -~]+\n$/);
    expect(JSON.parse(jsonLine(value))).to.deep.equal(value);
  });
});
