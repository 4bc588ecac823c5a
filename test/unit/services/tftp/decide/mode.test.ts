import { expect } from 'chai';
import { parseMode } from '../../../../../services/tftp/decide/mode.ts';

describe('services/tftp/decide/mode', () => {
  for (const [text, mode] of [
    ['octet', 'octet'],
    ['OCTET', 'octet'],
    ['NetAscii', 'netascii'],
    ['mail', undefined],
    ['binary', undefined],
    ['', undefined],
  ] as const) {
    it(`takes "${text}" for ${mode ?? 'no mode'}`, () => expect(parseMode(text)).to.equal(mode));
  }
});
