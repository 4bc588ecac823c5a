import { rename, truncate, utimes, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { openBelow } from '#shared/assets/open.ts';
import { fileSource, memorySource, type Source } from '../../../../services/tftp/source.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const content = Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * 7) % 251));

async function sourceOf(folder: string): Promise<Source> {
  const file = await openBelow(folder, 'file');
  if ('why' in file) throw new Error(file.why);
  return fileSource(file);
}

describe('services/tftp/source', () => {
  it('reads any part of a file, in any order, as it would from memory', async () => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/file`, content);
    const source = await sourceOf(folder.path);
    const memory = memorySource(content);
    const part = fc.tuple(fc.nat(51_000), fc.nat(66_000));
    await fc.assert(
      fc.asyncProperty(fc.array(part), async (parts) => {
        for (const [offset, length] of parts) {
          const read = await source.read(offset, length);
          if ('why' in read) throw new Error(read.why);
          expect(Buffer.from(read)).to.deep.equal(memory.read(offset, length));
        }
      }),
      { numRuns: 50 },
    );
    await source.close();
  });

  for (const [name, change] of [
    ['is cut off', (file: string) => truncate(file, 20_000)],
    ['grows', (file: string) => writeFile(file, 'more', { flag: 'a' })],
    ['is written over', (file: string) => writeFile(file, content.toReversed())],
  ] as const) {
    it(`notices that the file ${name}`, async () => {
      await using folder = await temporaryFolder();
      await writeFile(`${folder.path}/file`, content);
      // A file system's clock goes in steps of some milliseconds: two writes in one step leave the same time.
      await utimes(`${folder.path}/file`, 1, 1);
      const source = await sourceOf(folder.path);
      await source.read(0, 512);
      await change(`${folder.path}/file`);
      expect(await source.read(30_000, 512)).to.deep.equal({ why: 'file-changed' });
      await source.close();
    });
  }

  it('goes on with the old file when a new one is renamed over it', async () => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/file`, content);
    const source = await sourceOf(folder.path);
    await writeFile(`${folder.path}/new`, 'new');
    await rename(`${folder.path}/new`, `${folder.path}/file`);
    expect(await source.read(30_000, 100)).to.deep.equal(content.subarray(30_000, 30_100));
    await source.close();
  });

  it('says that it cannot read instead of throwing, also after it was closed', async () => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/file`, content);
    const source = await sourceOf(folder.path);
    await source.close();
    await source.close();
    expect(await source.read(0, 512)).to.deep.equal({ why: 'file-unreadable' });
  });
});
