import { expect } from 'chai';
import { type QuirkName, quirkNames } from '#shared/boot/quirks.ts';
import { fromHex } from '#shared/bytes.ts';
import { quirkEffects, quirks, quirksOf } from '../../../../../services/dhcp/decide/quirks.ts';
import { httpBoot, mac, pxe, type RequestParts, request } from '../../../../support/dhcp-request.ts';
import { machine } from '../../../../support/machines.ts';

const found = (parts: RequestParts, said?: readonly QuirkName[]) => [
  ...quirksOf(request(parts), said && machine({ quirks: said })),
];

const ouis = ['b8:27:eb', 'dc:a6:32', 'e4:5f:01', '28:cd:c1', 'd8:3a:dd', '2c:cf:67'];
/** Option 97 of a Raspberry Pi: a type, four letters, board revision, end of the MAC, serial number. */
const piUuid = (letters: string) => fromHex(`00${letters}1131c0000136c2dca1b2c3d4`)!;

describe('services/dhcp/decide/quirks', () => {
  for (const oui of ouis) {
    it(`takes ${oui} for a Raspberry Pi, whatever its firmware says`, () => {
      expect(found({ ...pxe, mac: mac(`${oui}:00:00:0c`), architectures: [0] })).to.deep.equal([
        'raspberry-pi',
      ]);
    });
  }

  const signs: readonly [what: string, parts: RequestParts, expected: readonly QuirkName[]][] = [
    [
      'a Raspberry Pi 4 with a foreign address',
      { ...pxe, uuid: piUuid('52506934'), architectures: [0] },
      ['raspberry-pi'],
    ],
    [
      'a Raspberry Pi 5 with a foreign address',
      { ...pxe, uuid: piUuid('52506935'), architectures: [0] },
      ['raspberry-pi'],
    ],
    ['x64 UEFI that says 9', { ...pxe, architectures: [9] }, ['x64-as-ebc']],
    ['x64 UEFI that says 7', pxe, []],
    ['HTTP Boot firmware', httpBoot, []],
    ['a client that says nothing', {}, []],
    ['a client without an Ethernet address', { ...pxe, mac: undefined }, []],
  ];
  for (const [what, parts, expected] of signs) {
    it(`finds ${expected.join(', ') || 'nothing'} in ${what}`, () => {
      expect(found(parts)).to.deep.equal(expected);
    });
  }

  it('believes the record, and then nothing else', () => {
    const pi = { ...pxe, mac: mac('dc:a6:32:00:00:0c') };
    expect(found(pi, ['boot-file-on-4011'])).to.deep.equal(['boot-file-on-4011']);
    expect(found(pi, [])).to.deep.equal([]);
  });

  it('has rows that each cite a source, and one for each name', () => {
    expect(new Set(quirks.map(({ name }) => name))).to.have.all.keys(...quirkNames);
    for (const { who, source } of quirks) expect([who, source]).to.not.include('');
    expect(quirkEffects).to.have.all.keys(...quirkNames);
  });
});
