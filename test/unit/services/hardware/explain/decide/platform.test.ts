import { expect } from 'chai';
import {
  archOfRecord,
  choosePlatform,
  parseArch,
  platformFor,
} from '../../../../../../services/hardware/explain/decide/platform.ts';

const nothing = {
  firmware: undefined,
  arch: undefined,
  heardClient: '',
  heardArch: '',
  recordArch: undefined,
};

describe('services/hardware/explain/decide/platform', () => {
  it('reads an architecture as people, the log and option 93 write it', () => {
    const rows = { 'x86_64-efi': 7, bios: 0, 'ARM64-EFI': 11, 'x64 UEFI': 7, 'x64 UEFI HTTP': 16, 41: 41 };
    for (const [text, code] of Object.entries(rows)) expect(parseArch(text), text).to.equal(code);
    for (const text of ['vax', '', '65536', '-1', 'toString'])
      expect(parseArch(text), text).to.equal(undefined);
  });

  it('gives HTTP Boot firmware the values of its own, and PXE firmware the others', () => {
    for (const [pxe, http] of [
      [0, 20],
      [7, 16],
      [11, 19],
    ] as const) {
      expect(platformFor('http', pxe).arch).to.equal(http);
      expect(platformFor('http', http).arch).to.equal(http);
      expect(platformFor('pxe', http).arch).to.equal(pxe);
    }
  });

  it("reads a record's architecture", () => {
    const rows = [
      ['x86_64', true, 7],
      ['x86_64', undefined, 7],
      ['x86_64', false, 0],
      ['aarch64', undefined, 11],
      ['', true, 7],
      [undefined, undefined, undefined],
      ['riscv64', true, undefined],
    ] as const;
    for (const [arch, uefi, code] of rows) expect(archOfRecord(arch, uefi), arch).to.equal(code);
  });

  describe('takes a machine for', () => {
    type Row = [what: string, clues: Partial<Parameters<typeof choosePlatform>[0]>, who: string];
    const heard = { heardClient: 'HTTP Boot firmware', heardArch: 'ARM 64-bit UEFI HTTP', recordArch: 0 };
    const rows: readonly Row[] = [
      ['what was asked for', { ...heard, firmware: 'pxe', arch: 7 }, 'pxe 7'],
      ['what it was heard as', heard, 'http 19'],
      ['PXE firmware of the architecture that its record names', { recordArch: 0 }, 'pxe 0'],
      ['PXE firmware, where it was heard as a system', { heardClient: 'other', recordArch: 11 }, 'pxe 11'],
      ['x64 UEFI, which it says to have assumed', {}, 'pxe 7 assumed x64 UEFI'],
    ];
    for (const [what, clues, who] of rows) {
      it(what, () => {
        const { platform, assumed } = choosePlatform({ ...nothing, ...clues });
        const told = [platform.firmware, platform.arch, assumed && `assumed ${assumed}`].filter(
          (part) => part !== undefined,
        );
        expect(told.join(' ')).to.equal(who);
      });
    }
  });
});
