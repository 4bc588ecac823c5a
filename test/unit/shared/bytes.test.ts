import { expect } from 'chai';
import fc from 'fast-check';
import {
  concat,
  equal,
  fromHex,
  readU16,
  readU32,
  toBytes,
  toHex,
  toText,
  writeU16,
  writeU32,
} from '#shared/bytes.ts';

describe('shared/bytes.ts', () => {
  it('reads back every number that it writes, big-endian and unsigned', () => {
    const bytes = new Uint8Array(8);
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.nat(4), (value, offset) => {
        writeU32(bytes, offset, value);
        return readU32(bytes, offset) === value && readU16(bytes, offset) === value >>> 16;
      }),
    );
    writeU16(bytes, 0, 0xabcd);
    expect([...bytes.subarray(0, 2)]).to.deep.equal([0xab, 0xcd]);
    writeU32(bytes, 0, 0xffff_fffe);
    expect(readU32(bytes, 0)).to.equal(0xffff_fffe);
  });

  it('reads back every hex that it writes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => equal(fromHex(toHex(bytes))!, bytes)));
    expect(toHex(Uint8Array.of(10, 0, 255))).to.equal('0a00ff');
    expect(fromHex('0A:00 ff\n')).to.deep.equal(Uint8Array.of(10, 0, 255));
  });

  for (const wrong of ['a', 'zz', '0x00', '00-00']) {
    it(`refuses ${wrong} as hex`, () => expect(fromHex(wrong)).to.equal(undefined));
  }

  it('cuts trailing NULs off a text, and those only', () => {
    expect(toText(toBytes('PXE\0Client\0\0'))).to.equal('PXE\0Client');
    expect(toText(Uint8Array.of(0, 0))).to.equal('');
    expect(toText(toBytes('größe'))).to.equal('größe');
  });

  it('marks what is not UTF-8 instead of throwing', () => {
    expect(toText(Uint8Array.of(0x61, 0xff, 0x62))).to.equal('a\ufffdb');
  });

  it('joins and compares', () => {
    expect(concat([Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3)])).to.deep.equal(
      Uint8Array.of(1, 2, 3),
    );
    expect(concat([])).to.have.length(0);
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).to.equal(true);
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).to.equal(false);
    expect(equal(Uint8Array.of(1), Uint8Array.of(1, 0))).to.equal(false);
  });
});
