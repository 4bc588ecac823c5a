import { expect } from 'chai';
import { Identities } from '../../../../../services/hardware/boots/identities.ts';

const [one, other] = ['52:54:00:77:00:01', '52:54:00:77:00:02'] as const;

describe('services/hardware/boots/identities.ts', () => {
  it('knows every machine that left a trace, once', () => {
    const identities = new Identities();
    for (const mac of [one, one, other, one]) identities.learn(mac, ['uuid 7']);
    identities.learn(one, ['xid 1']);
    expect([...identities.machines('uuid 7')]).to.deep.equal([one, other]);
    expect([...identities.machines('xid 1')]).to.deep.equal([one]);
    expect([...identities.machines('xid 2')]).to.deep.equal([]);
  });

  it('forgets one machine, and what only it has left', () => {
    const identities = new Identities();
    identities.learn(one, ['uuid 7', 'xid 1']);
    identities.learn(other, ['uuid 7']);
    identities.forget(one);
    expect([...identities.machines('uuid 7')]).to.deep.equal([other]);
    expect([...identities.machines('xid 1')]).to.deep.equal([]);
    identities.forget(other);
    expect([...identities.machines('uuid 7')]).to.deep.equal([]);
  });

  it('remembers the last traces of a machine only', () => {
    const identities = new Identities();
    for (let xid = 1; xid <= 100; xid++) identities.learn(one, [`xid ${xid}`]);
    expect([...identities.machines('xid 84')]).to.deep.equal([]);
    expect([...identities.machines('xid 85')]).to.deep.equal([one]);
  });
});
