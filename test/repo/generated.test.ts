import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../../', import.meta.url));

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return Object.fromEntries(names.toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

describe('shared/generated', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'smee-generated-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is what the contract generates now', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const [tool = '', ...args] = (scripts['generate:proto'] ?? '')
      .replace('shared/generated', folder)
      .split(' ');
    execFileSync(join(root, 'node_modules/.bin', tool), args, { cwd: root, stdio: 'pipe' });
    expect(filesOf(join(root, 'shared/generated'))).to.deep.equal(filesOf(folder));
  });
});
