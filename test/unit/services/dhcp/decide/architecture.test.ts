import { expect } from 'chai';
import { isRaspberryPi, platformOf } from '../../../../../services/dhcp/decide/architecture.ts';
import { mac } from '../../../../support/dhcp-request.ts';

const plain = mac('52:54:00:77:00:07');
const loaderOf = (codes: number[], mapping = new Map<number, string>(), who = plain) =>
  platformOf(codes, who, mapping).loader;

describe('services/dhcp/decide/architecture', () => {
  const loaders: readonly [loader: string | undefined, codes: number[]][] = [
    ['undionly.kpxe', [0, 1, 2, 3, 4, 5, 20]],
    ['ipxe.efi', [6, 7, 8, 9, 15, 16]],
    ['snp-arm64.efi', [10, 11, 18, 19, 41]],
    [undefined, [12, 13, 14, 17, 27, 65_535]],
  ];
  for (const [loader, codes] of loaders) {
    it(`gives ${loader ?? 'no loader'} to ${codes.join(', ')}`, () => {
      for (const code of codes) expect(loaderOf([code]), `${code}`).to.equal(loader);
    });
  }

  it('takes the first value that has a loader', () => {
    expect(loaderOf([27, 7, 0])).to.equal('ipxe.efi');
    expect(platformOf([27, 28], plain, new Map())).to.deep.equal({
      code: 27,
      name: 'architecture 27',
      loader: undefined,
    });
  });

  it('lets a mapping override the default, and add to it', () => {
    const mapping = new Map([
      [7, 'snponly.efi'],
      [27, 'riscv64.efi'],
    ]);
    expect(loaderOf([7], mapping)).to.equal('snponly.efi');
    expect(loaderOf([27], mapping)).to.equal('riscv64.efi');
    expect(loaderOf([0], mapping)).to.equal('undionly.kpxe');
  });

  for (const oui of ['b8:27:eb', 'dc:a6:32', 'e4:5f:01', '28:cd:c1', 'd8:3a:dd']) {
    it(`takes ${oui} for a Raspberry Pi, whatever its firmware says`, () => {
      const pi = mac(`${oui}:00:00:0c`);
      expect(isRaspberryPi(pi)).to.equal(true);
      expect(platformOf([0], pi, new Map())).to.deep.equal({
        code: 41,
        name: 'Raspberry Pi',
        loader: 'snp-arm64.efi',
      });
    });
  }

  it('takes nobody else for a Raspberry Pi', () => {
    expect(isRaspberryPi(plain)).to.equal(false);
  });
});
