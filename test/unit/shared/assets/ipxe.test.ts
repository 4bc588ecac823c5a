import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { type Loaders, loadLoaders } from '#shared/assets/ipxe.ts';
import { magicString } from '#shared/assets/ipxe-patch.ts';
import { toText } from '#shared/bytes.ts';
import { ConfigError } from '#shared/errors.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function textOf(loaders: Loaders, name: string): Promise<string> {
  const loader = await loaders.read(name);
  return 'why' in loader ? loader.why : toText(loader.bytes);
}

describe('shared/assets/ipxe', () => {
  it('reads a loader, patched', async () => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/ipxe.efi`, magicString);
    const loaders = await loadLoaders(folder.path, 'set x y');
    expect(await textOf(loaders, 'ipxe.efi')).to.equal('set x y'.padEnd(131));
  });

  it('knows the well-known names, there or not, and every other file of the folder', async () => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/special.efi`, 'special');
    await mkdir(`${folder.path}/qemu`);
    const names = await (await loadLoaders(folder.path)).names();
    expect(names).to.include('special.efi').and.include('snp-arm64.efi').and.not.include('qemu');
  });

  it('says which are missing, and why at the request', async () => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/ipxe.efi`, 'efi');
    const loaders = await loadLoaders(folder.path);
    expect(await loaders.missing()).to.have.members(['undionly.kpxe', 'snp-arm64.efi']);
    expect(await textOf(loaders, 'snp-arm64.efi')).to.equal('loader-missing');
  });

  it('follows a link to a file of the same name, as Debian has one from ipxe.efi to /boot', async () => {
    await using folder = await temporaryFolder();
    await mkdir(`${folder.path}/boot`);
    await mkdir(`${folder.path}/ipxe`);
    await writeFile(`${folder.path}/boot/ipxe.efi`, 'efi');
    await symlink(`${folder.path}/boot/ipxe.efi`, `${folder.path}/ipxe/ipxe.efi`);
    expect(await textOf(await loadLoaders(`${folder.path}/ipxe`), 'ipxe.efi')).to.equal('efi');
  });

  it('follows no other link out of the folder', async () => {
    await using folder = await temporaryFolder();
    await symlink('/etc/hostname', `${folder.path}/ipxe.efi`);
    expect(await textOf(await loadLoaders(folder.path), 'ipxe.efi')).to.equal('outside-root');
  });

  it('keeps a loader in memory and notices a newer file, a new one and a removed one within a second', async () => {
    await using folder = await temporaryFolder();
    let time = 0;
    const loaders = await loadLoaders(folder.path, '', () => time);
    await writeFile(`${folder.path}/ipxe.efi`, 'old');
    expect(await textOf(loaders, 'ipxe.efi')).to.equal('old');
    const first = await loaders.read('ipxe.efi');

    time += 1000;
    expect(await loaders.read('ipxe.efi')).to.equal(first);

    await writeFile(`${folder.path}/ipxe.efi`, 'new');
    await utimes(`${folder.path}/ipxe.efi`, 1, 1);
    await writeFile(`${folder.path}/added.efi`, 'added');
    expect(await textOf(loaders, 'ipxe.efi')).to.equal('old');
    time += 1000;
    expect(await textOf(loaders, 'ipxe.efi')).to.equal('new');
    expect(await textOf(loaders, 'added.efi')).to.equal('added');

    await rm(`${folder.path}/ipxe.efi`);
    time += 1000;
    expect(await textOf(loaders, 'ipxe.efi')).to.equal('loader-missing');
  });

  it('refuses a folder that is not there and a patch that is too long', async () => {
    await using folder = await temporaryFolder();
    for (const attempt of [
      () => loadLoaders(`${folder.path}/none`),
      () => loadLoaders(folder.path, 'x'.repeat(132)),
    ]) {
      const error = await attempt().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ConfigError);
    }
  });
});
