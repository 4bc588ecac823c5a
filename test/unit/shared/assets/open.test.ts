import { execFile } from 'node:child_process';
import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openBelow } from '#shared/assets/open.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Node has no mkfifo(3). */
async function makePipe(path: string): Promise<void> {
  await promisify(execFile)('/usr/bin/env', ['mkfifo', path]);
}

async function served(): Promise<AsyncDisposable & { readonly root: string; readonly outside: string }> {
  const folder = await temporaryFolder();
  const root = `${folder.path}/root`;
  const outside = `${folder.path}/secret`;
  await mkdir(`${root}/boot/deep`, { recursive: true });
  await mkdir(`${folder.path}/root-beside`);
  await writeFile(outside, 'secret');
  await writeFile(`${folder.path}/root-beside/file`, 'secret');
  await writeFile(`${root}/boot/kernel`, 'kernel');
  await writeFile(`${root}/empty`, '');
  await symlink('boot/kernel', `${root}/inside-link`);
  await symlink('boot', `${root}/folder-link`);
  await symlink('../secret', `${root}/outside-link`);
  await symlink('../root-beside', `${root}/beside-link`);
  await symlink('/etc', `${root}/etc-link`);
  await symlink('loop', `${root}/loop`);
  await makePipe(`${root}/pipe`);
  return { root, outside, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

describe('shared/assets/open', () => {
  for (const [name, path, content] of [
    ['a file', 'boot/kernel', 'kernel'],
    ['an empty file', 'empty', ''],
    ['a link that stays inside', 'inside-link', 'kernel'],
    ['a file behind a linked folder that stays inside', 'folder-link/kernel', 'kernel'],
    ['a doubled slash', 'boot//kernel', 'kernel'],
    ['a dot element', './boot/./kernel', 'kernel'],
  ] as const) {
    it(`opens ${name}`, async () => {
      await using folder = await served();
      const file = await openBelow(folder.root, path);
      if ('why' in file) throw new Error(file.why);
      await using handle = file.handle;
      expect(file.size).to.equal(content.length);
      expect(await handle.readFile('utf8')).to.equal(content);
    });
  }

  for (const [name, path, why] of [
    ['a step up', '../secret', 'outside-root'],
    ['a step up that would come back', 'boot/../boot/kernel', 'outside-root'],
    ['a step up with backslashes', '..\\secret', 'outside-root'],
    ['an absolute path', '/etc/passwd', 'outside-root'],
    ['a NUL', 'boot/kernel\0.txt', 'outside-root'],
    ['a link that leads out', 'outside-link', 'outside-root'],
    ['a linked folder beside the root with the same beginning', 'beside-link/file', 'outside-root'],
    ['a linked folder that leads out', 'etc-link/passwd', 'outside-root'],
    ['a percent-encoded step up, which is only a name', '%2e%2e/secret', 'not-found'],
    ['a drive letter, which is only a name', 'C:/secret', 'not-found'],
    ['a loop of links', 'loop', 'not-found'],
    ['a missing file', 'boot/initrd', 'not-found'],
    ['a file used as a folder', 'boot/kernel/x', 'not-found'],
    ['a name of 300 bytes', 'n'.repeat(300), 'not-found'],
    ['a path of 64 KiB', 'n/'.repeat(32_768), 'not-found'],
    ['a folder', 'boot', 'not-a-file'],
    ['a pipe, without waiting for its writer', 'pipe', 'not-a-file'],
  ] as const) {
    it(`refuses ${name}`, async () => {
      await using folder = await served();
      expect(await openBelow(folder.root, path)).to.deep.equal({ why });
    });
  }

  it('refuses the root itself and a root that is not there', async () => {
    await using folder = await served();
    expect(await openBelow(folder.root, '')).to.deep.equal({ why: 'not-a-file' });
    expect(await openBelow(`${folder.root}/none`, 'x')).to.deep.equal({ why: 'not-found' });
  });

  it('refuses a device', async () => {
    expect(await openBelow('/dev', 'null')).to.deep.equal({ why: 'not-a-file' });
  });

  it('follows a root that is itself a link', async () => {
    await using folder = await served();
    await symlink(folder.root, `${folder.root}-now`);
    const file = await openBelow(`${folder.root}-now`, 'boot/kernel');
    if ('why' in file) throw new Error(file.why);
    await file.handle.close();
  });

  it('says that a file may not be read', async () => {
    await using folder = await served();
    await chmod(`${folder.root}/boot/kernel`, 0);
    const file = await openBelow(folder.root, 'boot/kernel');
    if (process.getuid?.() === 0) {
      if ('why' in file) throw new Error(file.why);
      await file.handle.close();
    } else expect(file).to.deep.equal({ why: 'file-unreadable' });
  });

  it('never reads outside, however fast a link is swapped', async () => {
    await using folder = await served();
    let swapping = true;
    const swap = async () => {
      for (let to = 0; swapping; to = 1 - to) {
        await symlink(to === 0 ? 'boot/kernel' : folder.outside, `${folder.root}/next`);
        await rename(`${folder.root}/next`, `${folder.root}/swapped`);
      }
    };
    const swapper = swap();
    const seen = new Set<string>();
    for (let round = 0; round < 500; round++) {
      const file = await openBelow(folder.root, 'swapped');
      if ('why' in file) seen.add(file.why);
      else {
        await using handle = file.handle;
        seen.add(await handle.readFile('utf8'));
      }
    }
    swapping = false;
    await swapper;
    expect(seen).not.to.include('secret');
    expect(seen).to.include('kernel');
    expect(seen).to.include('outside-root');
  });
});
