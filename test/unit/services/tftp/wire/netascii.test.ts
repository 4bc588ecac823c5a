import { expect } from 'chai';
import fc from 'fast-check';
import { toNetascii } from '../../../../../services/tftp/wire/netascii.ts';

const translate = (text: string) => Buffer.from(toNetascii(Buffer.from(text, 'latin1'))).toString('latin1');

/** What a client does with it. */
const back = (text: string) => text.replace(/\r\n/g, '\n').replace(/\r\0/g, '\r');

describe('services/tftp/wire/netascii', () => {
  for (const [name, text, sent] of [
    ['nothing', '', ''],
    ['a line end', 'a\nb', 'a\r\nb'],
    ['a carriage return', 'a\rb', 'a\r\0b'],
    ['both', '\r\n', '\r\0\r\n'],
    ['other bytes as they are', '\0\xff\x1b', '\0\xff\x1b'],
  ] as const) {
    it(`sends ${name}`, () => expect(translate(text)).to.equal(sent));
  }

  it('lets a client that translates back have the original', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\r', '\n', 'a', 'b')), (characters) => {
        const text = characters.join('');
        expect(back(translate(text))).to.equal(text);
      }),
    );
  });
});
