import { expect } from 'chai';
import { type BackendSettings, chooseBackend } from '../../../../../services/hardware/decide/backend.ts';

const unset: BackendSettings = {
  backend: undefined,
  sqlitePath: 'data/smee.db',
  fileEnabled: false,
  filePath: undefined,
  fileStatePath: 'data/smee-file.db',
  noopEnabled: false,
};
const file = { kind: 'file', path: 'hw.yaml', statePath: 'data/smee-file.db' };

describe('services/hardware/decide/backend.ts', () => {
  const choices: readonly [string, Partial<BackendSettings>, object][] = [
    ['nothing', {}, { kind: 'sqlite', path: 'data/smee.db' }],
    ['SMEE_BACKEND=sqlite', { backend: 'sqlite' }, { kind: 'sqlite', path: 'data/smee.db' }],
    ['SMEE_BACKEND=file', { backend: 'file', filePath: 'hw.yaml' }, file],
    ["Smee's file switch", { fileEnabled: true, filePath: 'hw.yaml' }, file],
    ['both ways to say file', { backend: 'file', fileEnabled: true, filePath: 'hw.yaml' }, file],
    ['SMEE_BACKEND=noop', { backend: 'noop' }, { kind: 'noop' }],
    ["Smee's noop switch", { noopEnabled: true }, { kind: 'noop' }],
    [
      'only the path of a file that is not used',
      { filePath: 'hw.yaml' },
      { kind: 'sqlite', path: 'data/smee.db' },
    ],
  ];
  for (const [said, settings, backend] of choices) {
    it(`takes ${said} for ${JSON.stringify(backend)}`, () => {
      expect(chooseBackend({ ...unset, ...settings })).to.deep.equal({ backend });
    });
  }

  const refused: readonly [string, Partial<BackendSettings>, readonly RegExp[]][] = [
    [
      'file and noop at once',
      { fileEnabled: true, filePath: 'x', noopEnabled: true },
      [/^SMEE_BACKEND_FILE_ENABLED and SMEE_BACKEND_NOOP_ENABLED: there can be only one/],
    ],
    [
      'sqlite and file at once',
      { backend: 'sqlite', fileEnabled: true, filePath: 'x' },
      [/^SMEE_BACKEND=sqlite and SMEE_BACKEND_FILE_ENABLED: there can be only one/],
    ],
    ['a file without its path', { backend: 'file' }, [/^SMEE_BACKEND_FILE_PATH: is required/]],
    [
      'one database for two backends',
      { backend: 'file', filePath: 'x', fileStatePath: 'data/smee.db' },
      [/^SMEE_BACKEND_FILE_STATE_PATH: must not be/],
    ],
    [
      'all of it, at once',
      { backend: 'noop', fileEnabled: true, fileStatePath: 'data/smee.db' },
      [/only one/, /_PATH: is required/, /_STATE_PATH/],
    ],
  ];
  for (const [name, settings, problems] of refused) {
    it(`refuses ${name}`, () => {
      const chosen = chooseBackend({ ...unset, ...settings });
      if (!('problems' in chosen)) throw new Error('a backend was chosen');
      expect(chosen.problems).to.have.length(problems.length);
      for (const [at, pattern] of problems.entries()) expect(chosen.problems[at]).to.match(pattern);
    });
  }
});
