import { expect } from 'chai';
import { checkName, matchKey } from '../../../../../services/hardware/decide/match.ts';

describe('services/hardware/decide/match.ts', () => {
  const keys = [
    { of: 'a name', request: { key: 'name', name: 'a' }, key: { field: 'name', value: 'a' } },
    { of: 'an agent id', request: { key: 'agentId', agentId: 'x' }, key: { field: 'agent_id', value: 'x' } },
    {
      of: 'a MAC',
      request: { key: 'mac', mac: '5254.0077.00AB' },
      key: { field: 'mac', value: '52:54:00:77:00:ab' },
    },
    { of: 'an address', request: { key: 'ip', ip: '10.0.0.1' }, key: { field: 'ip', value: '10.0.0.1' } },
  ] as const;
  for (const { of, request, key } of keys) {
    it(`looks for ${of} in its canonical form`, () => {
      expect(matchKey(request)).to.deep.equal({ key });
    });
  }

  const wrong = [
    { of: 'nothing', request: {}, field: 'key' },
    { of: 'an empty name', request: { key: 'name' }, field: 'name' },
    { of: 'an empty MAC', request: { key: 'mac', mac: '' }, field: 'mac' },
    { of: 'a name with a line break', request: { key: 'name', name: 'a\nb' }, field: 'name' },
    { of: 'an endless agent id', request: { key: 'agentId', agentId: 'x'.repeat(256) }, field: 'agent_id' },
    { of: 'nonsense for a MAC', request: { key: 'mac', mac: 'zz' }, field: 'mac' },
    { of: 'a network for an address', request: { key: 'ip', ip: '10.0.0.0/8' }, field: 'ip' },
  ] as const;
  for (const { of, request, field } of wrong) {
    it(`refuses ${of}`, () => {
      const matched = matchKey(request);
      expect('violation' in matched && matched.violation.field).to.equal(field);
    });
  }

  it('takes an empty name for nobody, and never for everybody', () => {
    expect(checkName('')?.field).to.equal('name');
    expect(checkName('a')).to.equal(undefined);
  });
});
