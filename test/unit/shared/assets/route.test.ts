import { expect } from 'chai';
import fc from 'fast-check';
import { type Asset, parseAssetPath, resolveAsset } from '#shared/assets/route.ts';

const loaders = new Set(['undionly.kpxe', 'ipxe.efi']);
const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('shared/assets/route', () => {
  const rows: { name: string; path: string; asset: Asset | undefined; mac?: string; traceparent?: string }[] =
    [
      { name: 'a loader by its bare name', path: 'ipxe.efi', asset: { kind: 'loader', name: 'ipxe.efi' } },
      {
        name: "a loader in a machine's folder, with colons",
        path: '52:54:00:77:00:07/ipxe.efi',
        asset: { kind: 'loader', name: 'ipxe.efi' },
        mac: '52:54:00:77:00:07',
      },
      {
        name: "a loader in a machine's folder, with dashes and capitals",
        path: '52-54-00-77-00-AB/undionly.kpxe',
        asset: { kind: 'loader', name: 'undionly.kpxe' },
        mac: '52:54:00:77:00:ab',
      },
      {
        name: 'a loader in any other folder',
        path: 'some/where/ipxe.efi',
        asset: { kind: 'loader', name: 'ipxe.efi' },
      },
      { name: 'a leading slash (GRUB)', path: '/ipxe.efi', asset: { kind: 'loader', name: 'ipxe.efi' } },
      { name: 'doubled slashes', path: '//boot//grub.cfg', asset: { kind: 'file', path: 'boot/grub.cfg' } },
      {
        name: 'a traceparent behind a loader',
        path: `52:54:00:77:00:07/ipxe.efi-${trace}`,
        asset: { kind: 'loader', name: 'ipxe.efi' },
        mac: '52:54:00:77:00:07',
        traceparent: trace,
      },
      {
        name: 'a traceparent behind a file',
        path: `vmlinuz-${trace}`,
        asset: { kind: 'file', path: 'vmlinuz' },
        traceparent: trace,
      },
      {
        name: 'something that only looks like a traceparent',
        path: 'ipxe.efi-00-abc-def-01',
        asset: { kind: 'file', path: 'ipxe.efi-00-abc-def-01' },
      },
      {
        name: 'a name in other case is another file',
        path: 'IPXE.EFI',
        asset: { kind: 'file', path: 'IPXE.EFI' },
      },
      { name: 'any other file', path: 'grub/grub.cfg', asset: { kind: 'file', path: 'grub/grub.cfg' } },
      {
        name: 'a MAC as the file name names no machine',
        path: 'by-mac/52:54:00:77:00:07',
        asset: { kind: 'file', path: 'by-mac/52:54:00:77:00:07' },
      },
      { name: 'nothing', path: '', asset: undefined },
      { name: 'only slashes', path: '///', asset: undefined },
    ];
  for (const row of rows) {
    it(`understands ${row.name}`, () => {
      const asked = parseAssetPath(row.path);
      expect(resolveAsset(asked, loaders)).to.deep.equal(row.asset);
      expect(asked.mac).to.equal(row.mac);
      expect(asked.traceparent).to.equal(row.traceparent);
    });
  }

  it('takes any text for a path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const asset = resolveAsset(parseAssetPath(text), loaders);
        expect(asset?.kind).to.be.oneOf([undefined, 'loader', 'file']);
      }),
    );
  });
});
