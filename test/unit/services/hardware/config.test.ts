import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { ConfigError } from '#shared/errors.ts';
import { hardwareSettings } from '../../../../services/hardware/config.ts';

describe('services/hardware/config.ts', () => {
  it('listens on loopback and keeps its records in data/ unless told', () => {
    expect(readSettings(hardwareSettings, { env: {}, args: [] })).to.deep.include({
      bind: { host: '127.0.0.1', port: 50_051 },
      opsAddr: { host: '127.0.0.1', port: 9101 },
      backend: undefined,
      fileEnabled: false,
      fileStatePath: 'data/smee-file.db',
      noopEnabled: false,
      sqlitePath: 'data/smee.db',
      insecure: false,
    });
  });

  for (const name of ['kubernetes', 'postgres', 'nonsense']) {
    it(`says that ${name} is not a backend of this release`, () => {
      const read = () => readSettings(hardwareSettings, { env: { SMEE_BACKEND: name }, args: [] });
      expect(read).to.throw(ConfigError, /SMEE_BACKEND.*sqlite/);
    });
  }

  it('says that there is no kubernetes backend yet, to each setting that asks for it', () => {
    const env = {
      SMEE_BACKEND_KUBE_ENABLED: 'true',
      SMEE_BACKEND_KUBE_CONFIG: '/root/.kube/config',
      SMEE_BACKEND_KUBE_API: 'https://10.0.0.1',
      SMEE_BACKEND_KUBE_NAMESPACE: 'tink',
    };
    const read = () => readSettings(hardwareSettings, { env, args: [] });
    expect(read)
      .to.throw(ConfigError)
      .with.property('problems')
      .that.satisfies((problems: readonly string[]) =>
        problems.every(
          (problem, at) => problem.startsWith(Object.keys(env)[at]!) && /sqlite or file/.test(problem),
        ),
      )
      .and.has.length(4);
  });

  it('does not mind to hear that the kubernetes backend is off', () => {
    const env = { SMEE_BACKEND_KUBE_ENABLED: 'false' };
    expect(readSettings(hardwareSettings, { env, args: [] }).kubeEnabled).to.equal(false);
  });
});
