import { expect } from 'chai';
import { exposureProblem, isLoopback } from '../../../../../services/hardware/decide/exposure.ts';

const open = { clientCa: false, token: false, insecure: false };

describe('services/hardware/decide/exposure.ts', () => {
  const hosts = {
    '127.0.0.1': true,
    '127.8.9.1': true,
    '::1': true,
    '0.0.0.0': false,
    '::': false,
    '10.0.0.1': false,
    localhost: false,
    '127.0.0.1.example.com': false,
    '::ffff:10.0.0.1': false,
  };
  for (const [host, loopback] of Object.entries(hosts)) {
    it(`takes ${host} for ${loopback ? 'loopback' : 'reachable by others'}`, () => {
      expect(isLoopback(host)).to.equal(loopback);
      expect(exposureProblem({ ...open, host }) === undefined).to.equal(loopback);
    });
  }

  it('is content when callers are asked who they are, or nobody is to be asked', () => {
    for (const safeguard of ['clientCa', 'token', 'insecure'])
      expect(exposureProblem({ ...open, host: '0.0.0.0', [safeguard]: true }), safeguard).to.equal(undefined);
  });
});
