// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that would expand these.
import { expect } from 'chai';
import { lineProblem } from '#shared/boot/script-line.ts';

describe('shared/boot/script-line.ts', () => {
  const fine = ['', 'vmlinuz', 'a=b,c', '$HOME', '{x}', 'a||b', 'a#b', 'a\\b', 'Grüße', 'x;', '&', '100%'];
  for (const text of fine) {
    it(`lets ${JSON.stringify(text)} stand`, () => expect(lineProblem(text, 'word')).to.equal(undefined));
  }

  const unsafe: Record<string, string> = {
    'a line feed': 'a\nimgfree',
    'a carriage return': 'a\r',
    'a NUL': 'a\0',
    'a tab': 'a\tb',
    'an expansion': 'x${net0/mac}',
    'the start of an expansion': 'x${',
    'a command after "and"': 'quiet && sanboot',
    'a command after "or"': 'quiet || sanboot',
    'a command after a semicolon': 'quiet ; sanboot',
    'a comment': 'quiet #rest',
    'a backslash at the end': 'quiet\\',
  };
  for (const [what, text] of Object.entries(unsafe)) {
    it(`refuses ${what}`, () => expect(lineProblem(text, 'words')).to.be.a('string'));
  }

  it('lets white space stand in words, not in a word', () => {
    expect(lineProblem('console=ttyS0 quiet', 'words')).to.equal(undefined);
    expect(lineProblem('vmlinuz x', 'word')).to.equal('white space');
  });
});
