import { expect } from 'chai';
import { formatMac, macBytes, macOf, parseMac } from '#shared/mac.ts';

const mac = parseMac('52:54:00:ab:cd:07')!;

describe('shared/mac.ts', () => {
  for (const written of [
    '52:54:00:ab:cd:07',
    '52:54:00:AB:CD:07',
    '52-54-00-ab-cd-07',
    '52.54.00.ab.cd.07',
    '5254.00ab.cd07',
    '525400abcd07',
    '525400ABCD07',
  ]) {
    it(`reads ${written}`, () => expect(parseMac(written)).to.equal('52:54:00:ab:cd:07'));
  }

  for (const wrong of [
    '',
    '52:54:00:ab:cd',
    '52:54:00:ab:cd:07:01',
    '52:54-00:ab:cd:07',
    '52:54:00:ab:cd:0g',
    '5:54:00:ab:cd:07',
    '5254:00ab:cd07',
    ' 52:54:00:ab:cd:07',
    '52:54:00:ab:cd:07\n',
  ]) {
    it(`refuses ${JSON.stringify(wrong)}`, () => expect(parseMac(wrong)).to.equal(undefined));
  }

  it('goes to bytes and back, from any offset', () => {
    expect([...macBytes(mac)]).to.deep.equal([0x52, 0x54, 0, 0xab, 0xcd, 7]);
    expect(macOf(Uint8Array.of(9, ...macBytes(mac), 9), 1)).to.equal(mac);
  });

  it('writes every format of Smee', () => {
    expect(formatMac(mac, 'colon')).to.equal('52:54:00:ab:cd:07');
    expect(formatMac(mac, 'dash')).to.equal('52-54-00-ab-cd-07');
    expect(formatMac(mac, 'dot')).to.equal('52.54.00.ab.cd.07');
    expect(formatMac(mac, 'no-delimiter')).to.equal('525400abcd07');
    expect(formatMac(mac, 'empty')).to.equal('');
  });

  it('reads back what it writes', () => {
    for (const format of ['colon', 'dash', 'dot', 'no-delimiter'] as const) {
      expect(parseMac(formatMac(mac, format))).to.equal(mac);
    }
  });
});
