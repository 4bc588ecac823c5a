import { expect } from 'chai';
import fc from 'fast-check';
import { type Asset, parseAssetPath, resolveAsset, routeNames, type Shelf } from '#shared/assets/route.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { emptyMachines, fixedMachines, machine, notSynced } from '../../../support/machines.ts';

const loaders = new Set(['undionly.kpxe', 'ipxe.efi']);
const open = new Set(routeNames);
const shelf: Shelf = { loaders, machines: emptyMachines, hasAssets: true, mode: 'reservation', open };
const client = parseIp4('192.168.77.107')!;
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
      expect(resolveAsset(asked, client, shelf)).to.deep.equal(row.asset ?? { why: 'not-found' });
      expect(asked.mac).to.equal(row.mac);
      expect(asked.traceparent).to.equal(row.traceparent);
    });
  }

  const pi = machine({
    netboot: {
      rpi: { serialNum: '10000000abcdef01', firmwarePath: '/rpi4//uefi', configTxt: 'arm_64bit=1\n' },
      osie: {
        baseUrl: undefined,
        kernel: undefined,
        initrd: undefined,
        kernelParams: ['quiet', 'root=/dev/ram0'],
      },
      pxelinuxConfig: 'default linux\n',
    },
  });
  const bare = machine({
    netboot: { rpi: { serialNum: '10000000abcdef01', firmwarePath: 'rpi4', configTxt: undefined } },
  });
  const twin = machine({ name: 'twin', dhcp: { mac: parseMac('52:54:00:77:00:08')! } });
  const known = fixedMachines([pi]);
  const config = 'pxelinux.cfg/01-52-54-00-77-00-07';
  const serial = '10000000abcdef01';

  const records: Record<string, [path: string, Partial<Shelf>, Asset | { why: Reason }]> = {
    'the pxelinux text of a record': [config, { machines: known }, { kind: 'text', text: 'default linux\n' }],
    'it below any folder': [
      '/boot/pxelinux.cfg/01-52-54-00-77-00-07',
      { machines: known },
      { kind: 'text', text: 'default linux\n' },
    ],
    'a record without one: a file of that name': [
      config,
      { machines: fixedMachines([machine()]) },
      { kind: 'file', path: config },
    ],
    'an unknown machine: a no': [config, {}, { why: 'unknown-machine' }],
    'nobody unknown before the records are here': [config, { machines: notSynced }, { why: 'not-synced' }],
    'the other names that PXELINUX tries: files': [
      'pxelinux.cfg/C0A84D6B',
      { machines: known },
      { kind: 'file', path: 'pxelinux.cfg/C0A84D6B' },
    ],

    'config.txt of a Raspberry Pi': [
      `${serial}/config.txt`,
      { machines: known },
      { kind: 'text', text: 'arm_64bit=1\n' },
    ],
    'its cmdline.txt': [
      `${serial}/cmdline.txt`,
      { machines: known },
      { kind: 'text', text: 'quiet root=/dev/ram0' },
    ],
    'its firmware': [
      `${serial}/start4.elf`,
      { machines: known },
      { kind: 'file', path: 'rpi4/uefi/start4.elf' },
    ],
    'its overlays': [
      `${serial}/overlays/miniuart-bt.dtbo`,
      { machines: known },
      { kind: 'file', path: 'rpi4/uefi/overlays/miniuart-bt.dtbo' },
    ],
    'an empty config.txt: the one of the firmware': [
      `${serial}/config.txt`,
      { machines: fixedMachines([bare]) },
      { kind: 'file', path: 'rpi4/config.txt' },
    ],
    'no kernel parameters: the cmdline.txt of the firmware': [
      `${serial}/cmdline.txt`,
      { machines: fixedMachines([bare]) },
      { kind: 'file', path: 'rpi4/cmdline.txt' },
    ],
    'no asset folder: no Raspberry Pi, not even its config.txt': [
      `${serial}/config.txt`,
      { machines: known, hasAssets: false },
      { why: 'not-found' },
    ],
    'another serial number: a file': [
      '10000000ffffffff/config.txt',
      { machines: known },
      { kind: 'file', path: '10000000ffffffff/config.txt' },
    ],
    'a serial number at an address of two records: a no': [
      `${serial}/config.txt`,
      { machines: fixedMachines([twin, pi]) },
      { why: 'ambiguous-machine' },
    ],
    'a loader, even below a serial number': [
      `${serial}/ipxe.efi`,
      { machines: known },
      { kind: 'loader', name: 'ipxe.efi' },
    ],

    'the script of the machine that is named': [
      '52-54-00-77-00-07/auto.ipxe',
      { machines: known },
      { kind: 'script', machine: pi, autoexec: false },
    ],
    'what iPXE 2 looks for beside its binary': [
      '52-54-00-77-00-07/autoexec.ipxe',
      { machines: known },
      { kind: 'script', machine: pi, autoexec: true },
    ],
    'what it looks for in the root, by address': [
      'autoexec.ipxe',
      { machines: known },
      { kind: 'script', machine: pi, autoexec: true },
    ],
    'a script at an address of two records: a no': [
      'auto.ipxe',
      { machines: fixedMachines([twin, pi]) },
      { why: 'ambiguous-machine' },
    ],
    'a script for nobody: a no': ['auto.ipxe', {}, { why: 'unknown-machine' }],
    'a script for nobody in auto-proxy mode: one for any machine': [
      'autoexec.ipxe',
      { mode: 'auto-proxy' },
      { kind: 'script', machine: undefined, autoexec: true },
    ],
    'a pxelinux text for nobody in auto-proxy mode: a no': [
      config,
      { mode: 'auto-proxy' },
      { why: 'unknown-machine' },
    ],
    'a script where none are served: a file': [
      'auto.ipxe',
      { machines: known, open: new Set(['file']) },
      { kind: 'file', path: 'auto.ipxe' },
    ],
    'a file where there is no folder': ['grub/grub.cfg', { hasAssets: false }, { why: 'not-found' }],
  };
  for (const [name, [path, over, expected]] of Object.entries(records)) {
    it(`knows ${name}`, () =>
      expect(resolveAsset(parseAssetPath(path), client, { ...shelf, ...over })).to.deep.equal(expected));
  }

  it('knows the machine that a boot loader names in a file’s name', () => {
    const names = ['pxelinux.cfg/01-52-54-00-77-00-07', 'grub/grub.cfg-01-52-54-00-77-00-07'];
    for (const name of names) expect(parseAssetPath(name).mac).to.equal('52:54:00:77:00:07');
    expect(parseAssetPath('pxelinux.cfg/20-52-54-00-77-00-07').mac, 'InfiniBand').to.equal(undefined);
  });

  it('takes any text for a path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const found = resolveAsset(parseAssetPath(text), client, shelf);
        expect('why' in found ? found.why : found.kind).to.be.oneOf([
          ...['loader', 'file', 'not-found', 'unknown-machine'],
        ]);
      }),
    );
  });
});
