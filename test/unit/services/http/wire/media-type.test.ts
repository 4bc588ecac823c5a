import { expect } from 'chai';
import { mediaTypeOf } from '../../../../../services/http/wire/media-type.ts';

describe('services/http/wire/media-type.ts', () => {
  const rows: Record<string, string> = {
    'snponly.efi': 'application/efi',
    'BOOTX64.EFI': 'application/efi',
    'hook.iso': 'application/vnd.efi-iso',
    'disk.img': 'application/vnd.efi-img',
    'initramfs.gz': 'application/octet-stream',
    'undionly.kpxe': 'application/octet-stream',
    'vmlinuz-x86_64': 'application/octet-stream',
    'menu.ipxe': 'text/plain; charset=utf-8',
    'a/b.c/vmlinuz': 'application/octet-stream',
    'x.constructor': 'application/octet-stream',
  };
  for (const [name, type] of Object.entries(rows)) {
    it(`says that ${name} is ${type}`, () => expect(mediaTypeOf(name)).to.equal(type));
  }
});
