import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { type Libc, loadLibc } from '#shared/udp/libc.ts';
import { FileCalls } from '../../../../../services/http/file/calls.ts';
import { FilePart, PartBytes } from '../../../../../services/http/file/part.ts';
import { SmallParts } from '../../../../../services/http/file/small-parts.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { until } from '../../../../support/until.ts';

const content = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7 + (at >> 8)) % 251));

/** A file, what reads its small parts, and how many of them were released. */
async function reading(wrong: Partial<Libc> = {}) {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  await writeFile(`${path}/file`, content);
  const handle = stack.use(await open(`${path}/file`));
  const parts = new SmallParts(new FileCalls({ ...loadLibc(), ...wrong }));
  const owned = stack.move();
  let released = 0;
  return {
    parts,
    part: (start: number, end: number, of: FileHandle = handle) =>
      new FilePart(of, { start, end }, () => released++),
    released: () => released,
    path,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const places: Readonly<Record<string, Partial<Libc>>> = {
  'on the event loop what is in memory': {},
  'in the thread pool what may not be': { cachestat: () => -1 },
};

const bytesOf = (body: unknown) => {
  expect(body).to.be.instanceOf(PartBytes);
  return Buffer.from((body as PartBytes).bytes);
};

describe('services/http/file/small-parts.ts', () => {
  for (const [where, libc] of Object.entries(places)) {
    it(`reads a small part, and releases it: ${where}`, async () => {
      await using file = await reading(libc);
      for (const [start, end] of [
        [0, 1],
        [5000, 8500],
        [10, 65_546],
        [99_999, 100_000],
      ] as const) {
        const before = file.released();
        const body = bytesOf(await file.parts.read(file.part(start, end)));
        expect(body.equals(content.subarray(start, end)), `${start} to ${end}`).to.equal(true);
        expect(file.released()).to.equal(before + 1);
      }
    });
  }

  it('leaves as it is what is larger than 64 KiB, and everything where there is no libc', async () => {
    await using file = await reading();
    const [large, small] = [file.part(0, 65_537), file.part(0, 1)];
    expect(await file.parts.read(large)).to.equal(large);
    expect(await new SmallParts(undefined).read(small)).to.equal(small);
    expect(file.released()).to.equal(0);
  });

  it('reads on where less was read than there is', async () => {
    const { pread } = loadLibc();
    await using file = await reading({
      pread: (fd, to, length, at) => pread(fd, to, Math.min(length, 999), at),
    });
    const body = bytesOf(await file.parts.read(file.part(7, 50_007)));
    expect(body.equals(content.subarray(7, 50_007))).to.equal(true);
  });

  it('says that the file has changed when it ends before the part does', async () => {
    await using file = await reading();
    expect(await file.parts.read(file.part(99_000, 100_001))).to.deep.equal({ why: 'file-changed' });
    expect(file.released()).to.equal(1);
  });

  for (const [where, libc] of Object.entries(places))
    it(`says that it cannot be read: ${where}`, async () => {
      await using file = await reading(libc);
      await using unreadable = await open(`${file.path}/file`, 'a');
      const said = await file.parts.read(file.part(0, 10, unreadable));
      expect(said).to.deep.equal({ why: 'file-unreadable' });
      expect(file.released()).to.equal(1);
    });

  it('keeps 256 at a time, and their bytes as they are until they are given back', async () => {
    await using file = await reading({ cachestat: () => -1 });
    const kept = await Promise.all(
      Array.from({ length: 256 }, (_, at) => file.parts.read(file.part(at, at + 3000))),
    );
    const one = file.part(0, 1);
    expect(await file.parts.read(one)).to.equal(one);
    for (const [at, body] of kept.entries())
      expect(bytesOf(body).equals(content.subarray(at, at + 3000)), `part ${at}`).to.equal(true);
    (kept[77] as PartBytes).release();
    expect(bytesOf(await file.parts.read(file.part(50, 60))).equals(content.subarray(50, 60))).to.equal(true);
    expect(await file.parts.read(one)).to.equal(one);
  });

  it('keeps nothing of what could not be read', async () => {
    await using file = await reading();
    for (let failed = 0; failed < 300; failed++) await file.parts.read(file.part(99_999, 100_001));
    expect(bytesOf(await file.parts.read(file.part(0, 10)))).to.have.length(10);
  });

  it('holds three threads of the pool at most, whoever asks, and nobody else up', async () => {
    const { preadInPool } = loadLibc();
    const held: (() => void)[] = [];
    await using file = await reading({
      cachestat: () => -1,
      preadInPool: (...call) => void held.push(() => preadInPool(...call)),
    });
    const reads = Promise.all(Array.from({ length: 10 }, () => file.parts.read(file.part(0, 100))));
    let ended = 0;
    while (ended < 10) {
      await until('the next calls', () => held.length === Math.min(10, ended + 3));
      held[ended++]?.();
    }
    for (const body of await reads) expect(bytesOf(body)).to.have.length(100);
  });
});
