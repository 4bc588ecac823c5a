import { expect } from 'chai';
import fc from 'fast-check';
import { concat, fromHex, toBytes, toHex } from '#shared/bytes.ts';
import { MalformedError } from '#shared/errors.ts';
import type { ValueKind, ValueTypes } from '../../../../../services/dhcp/wire/codes.ts';
import { decodeValue, encodeValue } from '../../../../../services/dhcp/wire/values.ts';
import { ip } from '../../../../support/dhcp-request.ts';

const place = { field: 'option 1', offset: 242 };
const decoded = (kind: ValueKind, hex: string) => decodeValue(kind, fromHex(hex)!, place);

type Row = { [K in ValueKind]: [what: string, kind: K, hex: string, value: ValueTypes[K]] }[ValueKind];
const rows: readonly Row[] = [
  ['an address', 'ip', 'c0a84d01', ip('192.168.77.1')],
  ['addresses', 'ips', 'c0a84d01 01010101', [ip('192.168.77.1'), ip('1.1.1.1')]],
  ['a byte', 'u8', '05', 5],
  ['16 bits', 'u16', 'ff00', 65_280],
  ['32 bits, unsigned', 'u32', 'ffffffff', 4_294_967_295],
  ['architectures', 'u16s', '0007 0010', [7, 16]],
  ['text', 'text', '6e6f64c3a9', 'nodé'],
  ['bytes', 'bytes', '00ff', Uint8Array.of(0, 255)],
  ['relay information', 'relay-info', '0103726e64', fromHex('0103726e64')!],
  ['names', 'domains', '0161076578616d706c6500 016200', ['a.example', 'b']],
  ['no names', 'domains', '', []],
  [
    'routes with 0 to 4 significant bytes',
    'routes',
    '00 c0a84d01  08 0a c0a84d01  10 0a14 c0a84dfe  19 0a148080 c0a84dfe  20 0a148001 c0a84dfe',
    [
      { destination: { network: 0, prefix: 0 }, router: ip('192.168.77.1') },
      { destination: { network: ip('10.0.0.0'), prefix: 8 }, router: ip('192.168.77.1') },
      { destination: { network: ip('10.20.0.0'), prefix: 16 }, router: ip('192.168.77.254') },
      { destination: { network: ip('10.20.128.128'), prefix: 25 }, router: ip('192.168.77.254') },
      { destination: { network: ip('10.20.128.1'), prefix: 32 }, router: ip('192.168.77.254') },
    ],
  ],
  ['user classes with lengths', 'user-class', '0469505845 0178', ['iPXE', 'x']],
  [
    'sub-options',
    'sub-options',
    'b00101 0600',
    [
      { code: 176, bytes: Uint8Array.of(1) },
      { code: 6, bytes: new Uint8Array() },
    ],
  ],
];

describe('services/dhcp/wire/values', () => {
  for (const [what, kind, hex, value] of rows) {
    it(`reads ${what}`, () => {
      expect(decoded(kind, hex)).to.deep.equal(value);
    });
    it(`writes ${what}`, () => {
      expect(toHex(encodeValue(kind, value))).to.equal(hex.replaceAll(' ', ''));
    });
  }

  const odd: readonly [what: string, kind: ValueKind, hex: string, value: unknown][] = [
    ['a plain user class, as iPXE sends it', 'user-class', '69505845', ['iPXE']],
    ['a user class with an empty element as plain', 'user-class', '0178 00', ['\u0001x']],
    ['no user class', 'user-class', '', []],
    ['text up to the NULs that clients put behind it', 'text', '616200 00', 'ab'],
    ['text that is not UTF-8', 'text', 'ff61', '\ufffda'],
    [
      'names with compression (RFC 3397 §3)',
      'domains',
      '03656e67 056170706c65 03636f6d 00 096d61726b6574696e67 c004',
      ['eng.apple.com', 'marketing.apple.com'],
    ],
    [
      'sub-options up to their END, over PADs',
      'sub-options',
      '00 0601 08 ff 1234',
      [{ code: 6, bytes: Uint8Array.of(8) }],
    ],
    [
      'a route whose host bits are set',
      'routes',
      '09 0aff c0a84d01',
      [{ destination: { network: ip('10.128.0.0'), prefix: 9 }, router: ip('192.168.77.1') }],
    ],
  ];
  for (const [what, kind, hex, value] of odd) {
    it(`reads ${what}`, () => {
      expect(decoded(kind, hex)).to.deep.equal(value);
    });
  }

  const bad: readonly [what: string, kind: ValueKind, hex: string][] = [
    ['an address of 3 bytes', 'ip', '010203'],
    ['no addresses', 'ips', ''],
    ['addresses and a half', 'ips', '0102030405'],
    ['an empty byte', 'u8', ''],
    ['16 bits in one byte', 'u16', '01'],
    ['32 bits in two bytes', 'u32', '0102'],
    ['no architectures', 'u16s', ''],
    ['an odd number of bytes of architectures', 'u16s', '000700'],
    ['a prefix of 33', 'routes', '21 0a000001 c0a84d01'],
    ['a route that is cut off', 'routes', '10 0a14 c0a84d'],
    ['a label of 64 bytes', 'domains', `40${'61'.repeat(64)}00`],
    ['a label that is cut off', 'domains', '0561'],
    ['a name without its end', 'domains', '0161'],
    ['half a pointer', 'domains', '0161 c0'],
    ['a pointer to itself', 'domains', 'c000'],
    ['a pointer forward', 'domains', 'c002 00'],
    ['a loop of pointers', 'domains', '0161 c000'],
    ['a name of 256 bytes', 'domains', `${`3f${'61'.repeat(63)}`.repeat(4)}00`],
    ['a sub-option that reaches over the end', 'sub-options', '0602 08'],
    ['a sub-option without a length', 'sub-options', '06'],
  ];
  for (const [what, kind, hex] of bad) {
    it(`refuses ${what}, naming field and offset`, () => {
      expect(() => decoded(kind, hex))
        .to.throw(MalformedError)
        .that.includes({ field: 'option 1', offset: 242 });
    });
  }

  it('leaves out names that no packet can hold, and takes a trailing dot', () => {
    const names = ['a..b', '', 'x'.repeat(64), 'y.'.repeat(200), 'good.example.'];
    expect(toHex(encodeValue('domains', names))).to.equal(toHex(toBytes('\u0004good\u0007example\u0000')));
  });

  it('ends on any bytes at all, of any kind', () => {
    const kinds = [...new Set(rows.map(([, kind]) => kind))];
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.uint8Array({ maxLength: 600 }), (kind, bytes) => {
        try {
          decodeValue(kind, bytes, place);
        } catch (error) {
          expect(error).to.be.instanceOf(MalformedError);
        }
      }),
    );
  });

  it('reads names that hostile pointers repeat without end in no more than linear time', () => {
    const hostile = concat([
      toBytes('\u0001a\u0000'),
      ...Array.from({ length: 8000 }, () => Uint8Array.of(0xc0, 0)),
    ]);
    expect(decodeValue('domains', hostile, place)).to.have.length(8001);
  });
});
