import { open, truncate, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { loadLibc, pinned } from '#shared/udp/libc.ts';
import { Residency } from '../../../../../services/http/file/residency.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

describe('services/http/file/residency.ts', () => {
  it('knows what was just written to be in memory, and a hole and what is behind the end not to be', async () => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/file`;
    await writeFile(file, Buffer.alloc(100_000));
    await truncate(file, 10_000_000);
    await using handle = await open(file);
    const residency = new Residency(loadLibc());
    // Linux before 6.5, and a container that is not allowed to ask.
    const says = loadLibc().cachestat(handle.fd, pinned(16), pinned(40)) === 0;
    for (const [start, length] of [
      [0, 100_000],
      [5000, 1],
      [4095, 2],
      [99_999, 1],
    ] as const)
      expect(residency.has(handle.fd, start, length), `${start} +${length}`).to.equal(says);
    for (const [start, length] of [
      [0, 5_000_000],
      [5_000_000, 1],
      [20_000_000, 1],
    ] as const)
      expect(residency.has(handle.fd, start, length), `${start} +${length}`).to.equal(false);
  });

  it('knows nothing of what is no file', () => {
    expect(new Residency(loadLibc()).has(1_000_000, 0, 1)).to.equal(false);
  });
});
