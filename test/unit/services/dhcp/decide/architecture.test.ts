import { expect } from 'chai';
import type { QuirkName } from '#shared/boot/quirks.ts';
import { platformOf } from '../../../../../services/dhcp/decide/architecture.ts';

const plain: ReadonlySet<QuirkName> = new Set();
const loaderOf = (codes: number[], mapping = new Map<number, string>(), quirks = plain) =>
  platformOf(codes, quirks, mapping).loader;

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

  it('takes who is a Raspberry Pi for one, whatever its firmware says', () => {
    expect(platformOf([0], new Set<QuirkName>(['raspberry-pi']), new Map())).to.deep.equal({
      code: 41,
      name: 'Raspberry Pi',
      loader: 'snp-arm64.efi',
    });
  });

  it('gives x64 UEFI that says 9 what 7 boots, unless the mapping names 9', () => {
    const swapped: ReadonlySet<QuirkName> = new Set(['x64-as-ebc']);
    const seven = new Map([[7, 'snponly.efi']]);
    expect(loaderOf([9], seven, swapped)).to.equal('snponly.efi');
    expect(loaderOf([9], new Map([...seven, [9, 'ebc.efi']]), swapped)).to.equal('ebc.efi');
    expect(loaderOf([9], seven)).to.equal('ipxe.efi');
  });
});
