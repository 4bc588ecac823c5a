import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readContent } from '../../../../../../services/hardware/store/file/content.ts';
import { temporaryFolder } from '../../../../../support/temporary-folder.ts';

describe('services/hardware/store/file/content.ts', () => {
  it('names every mistake of a file, also more of them than a function takes arguments', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'rack.yaml');
    await writeFile(path, 'a: 1\n'.repeat(150_000));
    const { file, readable, findings } = readContent(path);
    expect({ file, readable }).to.deep.equal({ file: 'rack.yaml', readable: false });
    expect(findings).to.have.length(149_999);
  });
});
