import { expect } from 'chai';
import fc from 'fast-check';
import { MalformedError } from '#shared/errors.ts';
import { decode, encode, type Packet } from '../../../../../services/tftp/wire/packet.ts';

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Both directions: these bytes are this packet, and this packet is these bytes. */
const both: readonly (readonly [name: string, bytes: string, packet: Packet])[] = [
  [
    'a plain read request',
    '\0\x01ipxe.efi\0octet\0',
    { op: 'RRQ', file: 'ipxe.efi', mode: 'octet', options: [] },
  ],
  [
    'a read request with options, in order and as spelled',
    '\0\x01a/b\0OCTET\0tsize\x000\0BlkSize\x001468\0',
    {
      op: 'RRQ',
      file: 'a/b',
      mode: 'OCTET',
      options: [
        ['tsize', '0'],
        ['BlkSize', '1468'],
      ],
    },
  ],
  [
    'an option with an empty value',
    '\0\x01f\0octet\0multicast\0\0',
    { op: 'RRQ', file: 'f', mode: 'octet', options: [['multicast', '']] },
  ],
  [
    'an option that stands twice',
    '\0\x01f\0octet\0a\x001\0a\x002\0',
    {
      op: 'RRQ',
      file: 'f',
      mode: 'octet',
      options: [
        ['a', '1'],
        ['a', '2'],
      ],
    },
  ],
  ['a request without a name', '\0\x01\0octet\0', { op: 'RRQ', file: '', mode: 'octet', options: [] }],
  ['a write request', '\0\x02f\0netascii\0', { op: 'WRQ', file: 'f', mode: 'netascii', options: [] }],
  ['a block', '\0\x03\xff\xfedata', { op: 'DATA', block: 65_534, data: bytesOf('data') }],
  ['an empty block', '\0\x03\0\x01', { op: 'DATA', block: 1, data: new Uint8Array() }],
  ['an ACK', '\0\x04\x01\x02', { op: 'ACK', block: 258 }],
  ['an ERROR', '\0\x05\0\x08option refused\0', { op: 'ERROR', code: 8, message: 'option refused' }],
  ['an OACK', '\0\x06tsize\x00512\0', { op: 'OACK', options: [['tsize', '512']] }],
  ['an empty OACK', '\0\x06', { op: 'OACK', options: [] }],
];

describe('services/tftp/wire/packet', () => {
  for (const [name, text, packet] of both) {
    it(`reads and writes ${name}`, () => {
      expect(decode(bytesOf(text))).to.deep.equal(packet);
      expect(encode(packet)).to.deep.equal(bytesOf(text));
    });
  }

  for (const [name, text, packet] of [
    [
      'a request padded with NULs',
      '\0\x01f\0octet\0\0\0\0',
      { op: 'RRQ', file: 'f', mode: 'octet', options: [] },
    ],
    ['an ERROR without its NUL', '\0\x05\0\0gone', { op: 'ERROR', code: 0, message: 'gone' }],
    ['an ERROR without a message', '\0\x05\0\0', { op: 'ERROR', code: 0, message: '' }],
    ['an ACK with bytes behind it', '\0\x04\0\x01junk', { op: 'ACK', block: 1 }],
    [
      'a name that is not UTF-8',
      '\0\x01\xff\0octet\0',
      { op: 'RRQ', file: '\ufffd', mode: 'octet', options: [] },
    ],
  ] as const) {
    it(`tolerates ${name}`, () => expect(decode(bytesOf(text))).to.deep.equal(packet));
  }

  for (const [name, text, field, offset] of [
    ['nothing', '', 'opcode', 0],
    ['half an opcode', '\0', 'opcode', 0],
    ['opcode 0', '\0\0', 'opcode', 0],
    ['opcode 7', '\0\x07\0\0', 'opcode', 0],
    ['a request without a NUL', '\0\x01ipxe.efi', 'file name', 2],
    ['a request without a mode', '\0\x01f\0', 'mode', 4],
    ['a mode without its NUL', '\0\x01f\0octet', 'mode', 4],
    ['an option name without its NUL', '\0\x01f\0octet\0tsize', 'option name', 10],
    ['an option without a value', '\0\x01f\0octet\0tsize\0', 'option tsize', 16],
    ['a value without its NUL', '\0\x01f\0octet\0tsize\x000', 'option tsize', 16],
    ['a block without its number', '\0\x03\0', 'block', 2],
    ['an ACK without its number', '\0\x04', 'block', 2],
    ['an ERROR without its code', '\0\x05\0', 'error code', 2],
  ] as const) {
    it(`says where ${name} is wrong`, () => {
      expect(() => decode(bytesOf(text)))
        .to.throw(MalformedError)
        .that.includes({ field, offset });
    });
  }

  it('reads any bytes or says that they are malformed', () => {
    const start = fc.constantFrom(...both.map(([, text]) => text), '');
    fc.assert(
      fc.property(start, fc.nat(40), fc.uint8Array({ maxLength: 64 }), (text, cut, more) => {
        const bytes = Uint8Array.from([...bytesOf(text).subarray(0, cut), ...more]);
        try {
          decode(bytes);
        } catch (error) {
          expect(error).to.be.instanceOf(MalformedError);
        }
      }),
    );
  });

  it('reads back every request that it writes', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(word, word, fc.array(fc.tuple(word, word)), (file, mode, options) => {
        const packet: Packet = { op: 'RRQ', file, mode, options };
        expect(decode(encode(packet))).to.deep.equal(packet);
      }),
    );
  });
});
