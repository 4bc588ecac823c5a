import { expect } from 'chai';
import { neededLoaders } from '../../../../../cli/doctor/decide/needed-loaders.ts';
import type { RecordFact } from '../../../../../cli/doctor/facts.ts';
import { recordFact } from '../../../../support/doctor-facts.ts';

const rows: readonly (readonly [record: Partial<RecordFact>, file: string | undefined])[] = [
  [{}, 'undionly.kpxe'],
  [{ arch: '' }, 'undionly.kpxe'],
  [{ uefi: true }, 'ipxe.efi'],
  [{ arch: 'i386', uefi: true }, 'ipxe.efi'],
  [{ arch: 'aarch64' }, 'snp-arm64.efi'],
  [{ arch: 'arm64', uefi: true }, 'snp-arm64.efi'],
  [{ arch: 'riscv64' }, undefined],
  [{ arch: 'riscv64', binary: 'mine.efi' }, 'mine.efi'],
  [{ boots: false }, undefined],
];

describe('cli/doctor/decide/needed-loaders.ts', () => {
  for (const [record, file] of rows) {
    it(`${JSON.stringify(record)} boots ${file ?? 'nothing of ours'}`, () => {
      const records = [recordFact('node7', '192.168.77.7', record)];
      const needed = neededLoaders({ records, seenArchitectures: [] }, new Map());
      expect(needed.map((one) => one.file)).to.deep.equal(file === undefined ? [] : [file]);
    });
  }

  it('counts who needs the same one, and takes what booted lately and the operator’s map', () => {
    const records = [
      recordFact('a', '10.0.0.1', { uefi: true }),
      recordFact('b', '10.0.0.2', { uefi: true }),
    ];
    const seenArchitectures = ['ARM 64-bit UEFI', 'x64 UEFI', 'a riddle'];
    expect(neededLoaders({ records, seenArchitectures }, new Map([[7, 'snponly.efi']]))).to.deep.equal([
      { file: 'snponly.efi', neededBy: 'x64 UEFI (a and 2 more)' },
      { file: 'snp-arm64.efi', neededBy: 'ARM 64-bit UEFI (seen booting)' },
    ]);
  });
});
