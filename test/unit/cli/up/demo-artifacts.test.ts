import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { demoBytes, ensureArtifacts } from '../../../../cli/up/demo-artifacts.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const fail = (text: string) => expect.fail(text);

describe('cli/up/demo-artifacts.ts', () => {
  it('makes two into a folder that is not there, the same each time', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'assets', 'artifacts');
    const made = await ensureArtifacts(path, fail);
    expect(made.names).to.deep.equal(['initramfs-x86_64', 'vmlinuz-x86_64']);
    expect(made.demo).to.have.members(made.names);
    const kernel = await readFile(join(path, 'vmlinuz-x86_64'));
    expect(kernel.equals(demoBytes('vmlinuz-x86_64', 1 << 20))).to.equal(true);
    expect(await ensureArtifacts(path, fail)).to.deep.equal(made);
  });

  it("never touches a folder that has files of the operator's", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'vmlinuz-x86_64'), 'mine');
    const { names, demo } = await ensureArtifacts(folder.path, fail);
    expect({ names, demo }).to.deep.equal({ names: ['vmlinuz-x86_64'], demo: [] });
    expect(await readFile(join(folder.path, 'vmlinuz-x86_64'), 'utf8')).to.equal('mine');
  });

  it('goes on, and says so, when nothing can be written', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'file'), '');
    const said: string[] = [];
    const { names } = await ensureArtifacts(join(folder.path, 'file', 'artifacts'), (text) =>
      said.push(text),
    );
    expect(names).to.deep.equal([]);
    expect(said.join('\n')).to.contain('no artifacts');
  });
});
