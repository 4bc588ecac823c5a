import { expect } from 'chai';
import { isOwnHost } from '../../../../../services/dashboard/decide/host.ts';

const own = new Set(['192.168.77.1', '[fe80::1]', 'smee.example.net']);

describe('services/dashboard/decide/host', () => {
  for (const header of [
    'localhost:8090',
    'LOCALHOST',
    '127.0.0.1:8090',
    '127.1.2.3',
    '[::1]:8090',
    '192.168.77.1:8090',
    '[fe80::1]:8090',
    'Smee.Example.net:8090',
  ]) {
    it(`answers to ${header}`, () => expect(isOwnHost(header, own)).to.equal(true));
  }

  for (const header of [
    undefined,
    '',
    'evil.example:8090',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:127.0.0.1',
    '192.168.77.2',
    '[::2]',
    'localhost:8090:1',
    'a b',
    'user@localhost',
  ]) {
    it(`does not answer to ${JSON.stringify(header)}`, () => expect(isOwnHost(header, own)).to.equal(false));
  }
});
