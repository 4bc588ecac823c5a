import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tftpService } from '../support/tftp-service.ts';

const run = promisify(execFile);
const load = fileURLToPath(new URL('../../bench/inside/tftp-load.ts', import.meta.url));

/** What the load of the benchmark says of a service that serves `served` to 20 machines, who want `wanted`. */
async function judge(served: Buffer, wanted: Buffer, window: number): Promise<Record<string, number>> {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/wanted`;
  await writeFile(path, wanted);
  await using service = await tftpService({ files: { served } });
  const { host, port } = service.server;
  const args = [load, `${host}:${port}`, '127.0.1.1', 'served', path, '20', '1468', `${window}`];
  return JSON.parse((await run(process.execPath, args)).stdout) as Record<string, number>;
}

describe('bench/inside/tftp-load.ts', () => {
  const kernel = randomBytes(100_000);

  for (const window of [1, 16]) {
    it(`fetches a file for each machine in windows of ${window}, and finds nothing wrong`, async () => {
      const said = await judge(kernel, kernel, window);
      expect(said).to.include({ done: 20, left: 0, wrong: 0, errors: 0, window });
    });
  }

  it('sees one wrong byte in what a machine got', async () => {
    const other = Buffer.from(kernel);
    other[70_000]! ^= 1;
    expect(await judge(other, kernel, 4)).to.include({ wrong: 20 });
  });

  it('sees a byte too few', async () => {
    expect((await judge(kernel.subarray(0, -1), kernel, 1)).wrong).to.equal(20);
  });
});
