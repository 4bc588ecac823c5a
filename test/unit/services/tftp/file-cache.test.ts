import { rename, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { openBelow } from '#shared/assets/open.ts';
import { FileCache } from '../../../../services/tftp/file-cache.ts';
import type { Source } from '../../../../services/tftp/source.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A folder of files, and a cache of so many bytes. */
async function shelf(limit: number) {
  const folder = await temporaryFolder();
  const cache = new FileCache(limit);
  const open = async (name: string) => {
    const file = await openBelow(folder.path, name);
    if ('why' in file) throw new Error(file.why);
    return file;
  };
  return {
    put: (name: string, text: string) => writeFile(`${folder.path}/${name}`, text),
    move: (from: string, to: string) => rename(`${folder.path}/${from}`, `${folder.path}/${to}`),
    open,
    take: async (name: string) => {
      const file = await open(name);
      const source = await cache.take(file);
      if (source === undefined) await file.handle.close();
      if (source !== undefined && 'why' in source) throw new Error(source.why);
      return source;
    },
    cache,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const textOf = async (source: Source | undefined) =>
  source && Buffer.from((await source.read(0, source.size)) as Uint8Array).toString();

/** Whether two sources give views of the same memory. */
const isShared = async (one: Source | undefined, other: Source | undefined) => {
  const bytes = (source: Source | undefined) => source?.read(0, 1) as Uint8Array | undefined;
  return bytes(one)?.buffer === bytes(other)?.buffer;
};

describe('services/tftp/file-cache.ts', () => {
  it('holds a file once for all who ask for it', async () => {
    await using files = await shelf(100);
    await files.put('kernel', 'one kernel');
    const [first, second] = await Promise.all([files.take('kernel'), files.take('kernel')]);
    expect(await textOf(first)).to.equal('one kernel');
    expect(await isShared(first, second)).to.equal(true);
  });

  it('gives the new version to who asks after it was replaced, and the old to who asked before', async () => {
    await using files = await shelf(100);
    await files.put('kernel', 'the old one');
    const old = await files.take('kernel');
    await files.put('kernel.new', 'the new one');
    await files.move('kernel.new', 'kernel');
    expect(await textOf(await files.take('kernel'))).to.equal('the new one');
    expect(await textOf(old)).to.equal('the old one');
  });

  it('gives the old version to who has opened it when it is replaced', async () => {
    await using files = await shelf(100);
    await files.put('kernel', 'the old one');
    const opened = await files.open('kernel');
    await files.put('kernel.new', 'the new one');
    await files.move('kernel.new', 'kernel');
    expect(await textOf((await files.cache.take(opened)) as Source)).to.equal('the old one');
  });

  it('forgets what nobody sends, and has no room while all is being sent', async () => {
    await using files = await shelf(20);
    for (const name of ['a', 'b', 'c']) await files.put(name, `${name}`.repeat(10));
    const a = await files.take('a');
    const b = await files.take('b');
    expect(await files.take('c')).to.equal(undefined);
    await b?.close();
    const c = await files.take('c');
    expect(await textOf(c)).to.equal('cccccccccc');
    expect(await isShared(a, await files.take('a'))).to.equal(true);
    expect(await files.take('b')).to.equal(undefined);
  });

  it('takes no file that is larger than all it may hold', async () => {
    await using files = await shelf(9);
    await files.put('image', 'ten bytes.');
    expect(await files.take('image')).to.equal(undefined);
  });

  it('closes the file once it is in memory, and says so when it became shorter', async () => {
    await using files = await shelf(100);
    await files.put('kernel', 'a whole kernel');
    const file = await files.open('kernel');
    await files.cache.take(file);
    expect(file.handle.fd).to.equal(-1);

    await files.put('initrd', 'a whole initrd');
    const cut = await files.open('initrd');
    await files.put('initrd', 'cut');
    expect(await files.cache.take(cut)).to.deep.equal({ why: 'file-changed' });
    expect(await textOf(await files.take('initrd'))).to.equal('cut');
  });
});
