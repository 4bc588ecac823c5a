import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const smee = fileURLToPath(new URL('../../../cli/smee.ts', import.meta.url));

describe('cli/smee.ts', () => {
  it('ends quietly when nobody reads on', async () => {
    const { stdout, stderr } = await run('sh', ['-c', '"$0" "$1" up --help | true', process.execPath, smee]);
    expect({ stdout, stderr }).to.deep.equal({ stdout: '', stderr: '' });
  });
});
