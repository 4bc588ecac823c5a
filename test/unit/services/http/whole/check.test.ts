import { open, writeFile } from 'node:fs/promises';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { isCut } from '../../../../../services/http/whole/check.ts';
import { Reading } from '../../../../../services/http/whole/reading.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

/** Text that takes several blocks of every format. */
const content = Buffer.from(Array.from({ length: 40_000 }, (_one, at) => `line ${at * 7919}\n`).join(''));

/** The same by xz 5, which Node cannot do: `printf 'hello, whole world\n' | xz | base64`. */
const xzFile = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQASaGVsbG8sIHdob2xlIHdvcmxkCgAAinYsC3RPqnYAASsTnAlI0h+2830BAAAAAARZWg==',
  'base64',
);

/** An archive as `cpio -H newc` writes it. */
function cpio(...files: readonly (readonly [name: string, data: Buffer])[]): Buffer {
  const entries = [...files, ['TRAILER!!!', Buffer.alloc(0)] as const].map(([name, data]) => {
    const numbers = [1, 0o100644, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0];
    const header = `070701${numbers.map((one) => one.toString(16).padStart(8, '0')).join('')}${name}\0`;
    return Buffer.concat([padded(Buffer.from(header)), padded(data)]);
  });
  return Buffer.concat(entries);
}

function padded(bytes: Buffer, to = 4): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)]);
}

/** The old format of lz4, block after block, none of which is compressed data: nobody looks into them. */
function lz4(...lengths: readonly number[]): Buffer {
  const blocks = lengths.map((length) => {
    const block = Buffer.alloc(4 + length, 0xab);
    block.writeUInt32LE(length);
    return block;
  });
  return Buffer.concat([Buffer.from([0x02, 0x21, 0x4c, 0x18]), ...blocks]);
}

/** A kernel of so many setup sectors and paragraphs. */
function bzImage(sectors: number, paragraphs: number): Buffer {
  const bytes = Buffer.alloc((sectors + 1) * 512 + paragraphs * 16, 0x90);
  bytes.writeUInt8(sectors, 0x1f1);
  bytes.writeUInt32LE(paragraphs, 0x1f4);
  bytes.write('HdrS', 0x202);
  bytes.writeUInt16LE(0x20f, 0x206);
  return bytes;
}

async function isCutFile(bytes: Buffer, signal = new AbortController().signal): Promise<boolean> {
  await using folder = await temporaryFolder();
  await writeFile(`${folder.path}/file`, bytes);
  await using handle = await open(`${folder.path}/file`);
  return await isCut(new Reading(handle, bytes.length, signal));
}

const microcode = cpio(['kernel/x86/microcode/GenuineIntel.bin', Buffer.alloc(3000, 7)]);
const archive = cpio(['init', content], ['empty', Buffer.alloc(0)], ['etc/hostname', Buffer.from('node')]);
const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** What surely ends where it should, wherever it is cut. */
const containers: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync(content),
  'gzip of gzip members': Buffer.concat([gzipSync(content), gzipSync(content)]),
  zstd: zstdCompressSync(content),
  'zstd with a checksum': zstdCompressSync(content, checked),
  'zstd behind a frame to be skipped': Buffer.concat([
    Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]),
    zstdCompressSync(content),
  ]),
  xz: xzFile,
  cpio: archive,
  'microcode before an archive': Buffer.concat([padded(microcode, 512), archive]),
  'microcode before gzip': Buffer.concat([padded(microcode, 512), gzipSync(archive)]),
  'microcode before zstd': Buffer.concat([padded(microcode, 512), zstdCompressSync(archive)]),
  'microcode before xz': Buffer.concat([padded(microcode, 512), xzFile]),
  'lz4 as kernels use it': lz4(5000, 200, 1),
  bzImage: bzImage(15, 500),
};

/** Where a cut leaves something whole behind: after a member, after a block. */
const innocent: Readonly<Record<string, readonly number[]>> = {
  'gzip of gzip members': [containers.gzip!.length],
  'zstd behind a frame to be skipped': [11],
  'lz4 as kernels use it': [4, 4 + 5004, 4 + 5004 + 204],
};

/** In the zeros after a trailer nothing is lost, nor is in the last paragraph of a kernel, which need not be full. */
function isPadding(name: string, bytes: Buffer, end: number): boolean {
  if (name === 'bzImage') return end > bytes.length - 16;
  const trailer = bytes.lastIndexOf('TRAILER!!!\0', end - 1);
  return (
    trailer !== -1 && bytes.subarray(trailer + 11, end).every((byte) => byte === 0) && end >= trailer + 11
  );
}

describe('services/http/whole/check', () => {
  for (const [name, bytes] of Object.entries(containers)) {
    it(`finds nothing wrong with ${name}`, async () => {
      expect(await isCutFile(bytes)).to.equal(false);
      expect(await isCutFile(Buffer.concat([bytes, Buffer.alloc(100)])), 'with zeros').to.equal(false);
    });

    it(`finds out that ${name} is cut, wherever`, async () => {
      const { length } = bytes;
      // Of what is cut to its first bytes, nobody knows what it was.
      const places = [0.99, 0.9, 0.75, 0.5].map((part) => Math.floor(length * part));
      const beginnings = /microcode/.test(name) ? [] : [0.25, 0.1].map((part) => Math.floor(length * part));
      for (const end of [length - 1, length - 17, ...places, ...beginnings]) {
        if (innocent[name]?.includes(end) || end < 0x208 || isPadding(name, bytes, end)) continue;
        expect(await isCutFile(bytes.subarray(0, end)), `${end} of ${length}`).to.equal(true);
      }
    });
  }

  it('says nothing of what may be whole: after a member, after a block', async () => {
    for (const [name, ends] of Object.entries(innocent)) {
      for (const end of ends) {
        expect(await isCutFile(containers[name]!.subarray(0, end)), `${name} ${end}`).to.equal(false);
      }
    }
  });

  const others: Readonly<Record<string, Buffer>> = {
    nothing: Buffer.alloc(0),
    zeros: Buffer.alloc(100_000),
    text: content,
    'an ISO': Buffer.concat([Buffer.alloc(0x8001), Buffer.from('CD001'), content]),
    'a damaged gzip, which is not a cut one': Buffer.concat([
      containers.gzip!.subarray(0, 3000),
      Buffer.alloc(1000, 0xff),
      containers.gzip!.subarray(4000),
    ]),
    'a gzip with a signature behind it': Buffer.concat([containers.gzip!, Buffer.from('signature')]),
    'a kernel with a signature behind it': Buffer.concat([bzImage(15, 500), Buffer.alloc(1000, 1)]),
    'an old kernel, which does not say its size': (() => {
      const bytes = bzImage(15, 500).subarray(0, 3000);
      bytes.writeUInt16LE(0x203, 0x206);
      return bytes;
    })(),
    'a cpio with a damaged header': Buffer.concat([Buffer.from('070701'), Buffer.alloc(1000, 0x7a)]),
    'an xz with something behind it': Buffer.concat([xzFile, Buffer.from('something else')]),
    'a zstd with an impossible block': Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x05, 0x07, 0, 0, 1, 2]),
    'an lz4 with an impossible block': Buffer.concat([lz4(100), Buffer.alloc(100, 0xff)]),
  };
  for (const [name, bytes] of Object.entries(others)) {
    it(`says nothing of ${name}`, async () => {
      expect(await isCutFile(bytes)).to.equal(false);
    });
  }

  it('knows an xz that is longer than what is read at a time by its footer, also across the pieces', async () => {
    for (const before of [65_530, 65_536, 131_070]) {
      // What is in it does not matter, only that the end is there.
      const long = Buffer.concat([
        xzFile.subarray(0, 12),
        Buffer.alloc(before - 24, 0x59),
        xzFile.subarray(12),
      ]);
      expect(await isCutFile(long), `${before}`).to.equal(false);
      expect(await isCutFile(long.subarray(0, -1)), `${before}, cut`).to.equal(true);
    }
  });

  it('stops at once when it is told to', async () => {
    const stop = AbortSignal.abort();
    for (const name of ['gzip', 'zstd', 'cpio']) {
      const error = await isCutFile(containers[name]!, stop).catch((reason: unknown) => reason);
      expect(error, name).to.have.property('name', 'AbortError');
    }
  });
});
