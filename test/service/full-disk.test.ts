import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { missing, need } from '../support/clients.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = fileURLToPath(new URL('../fixtures/processes/full-disk.ts', import.meta.url));

/** Runs the script with a file system of 3 MiB as its current folder, which nobody else sees and which goes with it. */
async function onSmallDisk(test: Mocha.Context, what: string): Promise<Record<string, unknown>> {
  for (const command of ['unshare', 'mount']) need(test, command, 'util-linux');
  await using folder = await temporaryFolder();
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const inside = 'mount -t tmpfs -o size=3m tmpfs "$0" && cd "$0" && exec "$@"';
  const command = ['sh', '-c', inside, folder.path, process.execPath, script, what];
  try {
    const { stdout } = await promisify(execFile)('unshare', [...user, '--mount', '--', ...command]);
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch (error) {
    const said = String(error);
    if (/unshare failed|Operation not permitted|permission denied/i.test(said)) {
      missing(test, `no mount namespaces here (${said}); run as root or allow user namespaces`);
    }
    throw error;
  }
}

describe('a full disk', () => {
  it('refuses writes while the disk is full, loses none that it took, and goes on once there is room', async function () {
    const { taken, found, kept, size, revision, ...others } = await onSmallDisk(this, 'sqlite');
    expect(taken).to.be.greaterThan(10);
    expect(found).to.equal(taken);
    expect(others).to.deep.equal({ refused: 'unavailable', after: 'created' });
    expect([kept, size, revision]).to.deep.equal(new Array(3).fill(Number(taken) + 1));
  });

  it('keeps the old snapshot while the disk is full, and writes the new one once there is room', async function () {
    expect(await onSmallDisk(this, 'snapshot')).to.deep.equal({
      refused: 'snapshot-unwritable',
      old: 1,
      files: ['dhcp.jsonl', 'filler'],
      now: 3,
    });
  });

  it('loses events of boots while the disk is full, counts them, and keeps the next ones', async function () {
    expect(await onSmallDisk(this, 'boots')).to.deep.equal({
      lost: 3,
      isAll: true,
      isKept: true,
      isCounted: true,
      said: 0,
    });
  });
});
