import { expect } from 'chai';
import { plainHost } from '../../../../../services/http/wire/plain-request.ts';

describe('services/http/wire/plain-request.ts', () => {
  const rows: Record<string, [fields: string[], host: string | undefined]> = {
    'nothing at all': [[], ''],
    'a Host': [['Host', 'boot:8080'], 'boot:8080'],
    'what iPXE sends': [['Connection', 'keep-alive', 'User-Agent', 'iPXE', 'Host', 'b'], 'b'],
    'names in any case': [['HOST', 'b', 'aCCept', '*/*'], 'b'],
    'an empty Host': [['Host', ''], ''],
    'two Hosts': [['Host', 'b', 'host', 'b'], undefined],
    'an empty one and another': [['Host', '', 'host', 'b'], undefined],
    'a body': [['Host', 'b', 'Content-Length', '3'], undefined],
    'a body in chunks': [['Host', 'b', 'Transfer-Encoding', 'chunked'], undefined],
    'a forwarded address': [['X-Forwarded-For', '192.0.2.1', 'Host', 'b'], undefined],
    'a trace': [['Host', 'b', 'traceparent', '00'], undefined],
    'an upgrade': [['Host', 'b', 'Connection', 'upgrade', 'Upgrade', 'h2c'], undefined],
  };
  for (const [what, [fields, host]] of Object.entries(rows)) {
    it(`reads ${what}`, () => expect(plainHost(fields)).to.equal(host));
  }
});
