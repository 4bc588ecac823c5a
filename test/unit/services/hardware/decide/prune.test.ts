import { expect } from 'chai';
import { validateLeniently } from '../../../../../services/hardware/decide/prune.ts';
import { throughTheWire } from '../../../../support/contract.ts';
import { record } from '../../../../support/hardware-server.ts';

function withServers(nameServers: string[], timeServers: string[], netmask = '255.0.0.0') {
  const one = record('a', 1);
  Object.assign(one.interfaces![0]!.dhcp!, {
    nameServers,
    timeServers,
    ip: { address: '10.0.0.1', netmask },
  });
  return throughTheWire(one);
}

describe('services/hardware/decide/prune.ts', () => {
  it('leaves a good record as it is', () => {
    const pruned = validateLeniently(withServers(['1.1.1.1'], []));
    expect(pruned).to.deep.include({ valid: true, leftOut: [] });
  });

  it('leaves out the name and time servers that are none, and keeps the others in order', () => {
    const pruned = validateLeniently(withServers(['1.1.1.1', 'dns', '', '8.8.8.8'], ['::1', '10.0.0.9']));
    if (!pruned.valid) throw new Error('not valid');
    const [one] = pruned.hardware.interfaces;
    expect(one?.dhcp?.nameServers).to.deep.equal(['1.1.1.1', '8.8.8.8']);
    expect(one?.dhcp?.timeServers).to.deep.equal(['10.0.0.9']);
    expect(pruned.leftOut.map(({ field }) => field)).to.deep.equal([
      'hardware.interfaces[0].dhcp.name_servers[1]',
      'hardware.interfaces[0].dhcp.name_servers[2]',
      'hardware.interfaces[0].dhcp.time_servers[0]',
    ]);
  });

  it('does not make a record good that is wrong in another way, and tells all of it', () => {
    const pruned = validateLeniently(withServers(['dns'], [], '255.0.255.0'));
    if (pruned.valid) throw new Error('valid');
    expect(pruned.violations.map(({ field }) => field)).to.have.members([
      'hardware.interfaces[0].dhcp.name_servers[0]',
      'hardware.interfaces[0].dhcp.ip.netmask',
    ]);
  });
});
