import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Digest, type Folders, Originals } from '../../../../cli/simulate/compare.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const bytes = Buffer.from('all that a machine boots');

function fetched(...parts: readonly Uint8Array[]): Digest {
  const digest = new Digest();
  for (const part of parts) digest.add(part);
  return digest;
}

async function withOriginals(
  work: (originals: Originals) => Promise<void>,
  folders: Partial<Folders> = {},
): Promise<void> {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'hook'));
  await writeFile(join(folder.path, 'undionly.kpxe'), bytes);
  await writeFile(join(folder.path, 'hook', 'vmlinuz'), bytes);
  await work(new Originals({ ipxeDir: folder.path, artifactDir: folder.path, patched: false, ...folders }));
}

/** The message of a check that must fail. */
async function refusal(check: Promise<string>): Promise<string> {
  return await check.then(
    (said) => expect.fail(`accepted: ${said}`),
    (error: Error) => error.message,
  );
}

describe('cli/simulate/compare.ts', () => {
  it('accepts the same bytes, in whatever pieces they came', () =>
    withOriginals(async (originals) => {
      const digest = fetched(bytes.subarray(0, 7), bytes.subarray(7));
      expect(digest.bytes).to.equal(bytes.length);
      expect(await originals.checkLoader('undionly.kpxe', digest)).to.match(
        /^SHA-256 [0-9a-f]{8}… as on disk$/,
      );
    }));

  for (const [name, wrong] of [
    ['one changed bit', Buffer.from(bytes).fill(bytes[3]! ^ 1, 3, 4)],
    ['a missing byte', bytes.subarray(0, -1)],
    ['a byte too many', Buffer.concat([bytes, Buffer.alloc(1)])],
    ['nothing at all', Buffer.alloc(0)],
  ] as const) {
    it(`refuses ${name}`, () =>
      withOriginals(async (originals) => {
        expect(await refusal(originals.checkLoader('undionly.kpxe', fetched(wrong)))).to.match(
          /are not those of .*undionly\.kpxe/,
        );
      }));
  }

  it('finds a loader behind folders and a trace in its name', () =>
    withOriginals(async (originals) => {
      const name = `/ipxe/52:54:00:77:00:07/undionly.kpxe-00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
      expect(await originals.checkLoader(name, fetched(bytes))).to.contain('as on disk');
    }));

  it('finds an artifact by its URL', () =>
    withOriginals(async (originals) => {
      const url = new URL('http://10.0.0.1:8080//artifacts/hook/vmlinuz');
      expect(await originals.checkArtifact(url, fetched(bytes))).to.contain('as on disk');
    }));

  it('says when there is nothing to compare with', async () => {
    await withOriginals(async (originals) => {
      const url = new URL('http://elsewhere.example.com/vmlinuz');
      expect(await originals.checkArtifact(url, fetched(bytes))).to.contain('not one of our artifacts');
      expect(await refusal(originals.checkLoader('gone.efi', fetched(bytes)))).to.contain('cannot compare');
    });
    await withOriginals(
      async (originals) => {
        expect(await originals.checkLoader('x', fetched(bytes))).to.contain('not on this host');
      },
      { ipxeDir: undefined },
    );
    await withOriginals(
      async (originals) => {
        expect(await originals.checkLoader('x', fetched(bytes))).to.contain('patched');
      },
      { patched: true },
    );
  });
});
