import { expect } from 'chai';
import { architectures, raspberryPi } from '#shared/arch.ts';

describe('shared/arch.ts', () => {
  const map: readonly [string, readonly number[]][] = [
    ['undionly.kpxe', [0, 1, 2, 3, 4, 5, 20]],
    ['ipxe.efi', [6, 7, 8, 9, 15, 16]],
    ['snp-arm64.efi', [10, 11, 18, 19, 41]],
  ];
  for (const [loader, types] of map) {
    it(`gives ${loader} to the types that Smee gives it to, and to no other`, () => {
      const found = Object.entries(architectures).filter(([, one]) => one.loader === loader);
      expect(found.map(([type]) => Number(type))).to.have.members(types);
    });
  }

  it('knows which types are HTTP Boot', () => {
    const http = Object.entries(architectures).filter(([, one]) => one.http === true);
    expect(http.map(([type]) => Number(type))).to.deep.equal([15, 16, 17, 18, 19, 20]);
    expect(architectures[raspberryPi]?.name).to.equal('Raspberry Pi');
  });
});
