import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { ConfigError } from '#shared/errors.ts';
import { hardwareSettings } from '../../../../services/hardware/config.ts';

describe('services/hardware/config.ts', () => {
  it('listens on loopback and keeps its records in data/ unless told', () => {
    expect(readSettings(hardwareSettings, { env: {}, args: [] })).to.deep.include({
      bind: { host: '127.0.0.1', port: 50_051 },
      opsAddr: { host: '127.0.0.1', port: 9101 },
      backend: 'sqlite',
      sqlitePath: 'data/smee.db',
      insecure: false,
    });
  });

  for (const name of ['file', 'noop', 'kubernetes', 'postgres', 'nonsense']) {
    it(`says that ${name} is not a backend of this release`, () => {
      const read = () => readSettings(hardwareSettings, { env: { SMEE_BACKEND: name }, args: [] });
      expect(read).to.throw(ConfigError, /SMEE_BACKEND.*use sqlite/);
    });
  }
});
