import { open, truncate, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { type Libc, loadLibc, pinned } from '#shared/udp/libc.ts';
import { Residency } from '../../../../../services/http/file/residency.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

describe('services/http/file/residency.ts', () => {
  it('knows what was just written to be in memory, and a hole and what is behind the end not to be', async () => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/file`;
    await writeFile(file, Buffer.alloc(100_000));
    await truncate(file, 2 ** 33);
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
      [2 ** 32, 1],
      [2 ** 34, 1],
    ] as const)
      expect(residency.has(handle.fd, start, length), `${start} +${length}`).to.equal(false);
  });

  it('does not take for in memory what a disk is still asked for: its pages are counted already', async () => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/file`, Buffer.alloc(100_000));
    await using handle = await open(`${folder.path}/file`);
    const asked: number[] = [];
    const saying = (errno: string): Libc => ({
      ...loadLibc(),
      cachestat(_fd, _range, said) {
        new DataView(said.buffer).setUint32(0, 25, true);
        return 0;
      },
      preadvNow: (_fd, _into, at) => -asked.push(at),
      errno: () => errno,
    });
    expect(new Residency(saying('EAGAIN')).has(handle.fd, 10, 90_000)).to.equal(false);
    expect(asked).to.deep.equal([90_009]);
    // A file system that cannot say.
    expect(new Residency(saying('EOPNOTSUPP')).has(handle.fd, 10, 90_000)).to.equal(true);
  });

  it('reads where it may, and nowhere else', async () => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/file`, 'abc');
    await using handle = await open(`${folder.path}/file`);
    const [byte, into] = [pinned(1), pinned(16)];
    const view = new DataView(into.buffer);
    view.setBigUint64(0, loadLibc().addressOf(byte), true);
    view.setBigUint64(8, 1n, true);
    const read = loadLibc().preadvNow(handle.fd, into, 1);
    if (read < 0) expect(loadLibc().errno()).to.equal('EOPNOTSUPP');
    else expect([read, ...byte]).to.deep.equal([1, 'b'.charCodeAt(0)]);
  });

  it('knows nothing of what is no file', () => {
    expect(new Residency(loadLibc()).has(1_000_000, 0, 1)).to.equal(false);
  });
});
