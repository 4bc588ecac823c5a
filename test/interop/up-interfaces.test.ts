import { expect } from 'chai';
import { Lab } from '../support/lab.ts';
import { runNode } from '../support/lab-smee.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('smee up on an interface that will not do', function () {
  this.timeout(60_000);

  it('says what is missing: the carrier, the address, or the interface', async function () {
    await using folder = await temporaryFolder();
    await using lab = await Lab.create(this);
    await lab.prov.setUp(
      // A cable whose other end is switched off.
      'ip link add name unplugged type veth peer name off',
      'ip addr add 192.168.78.1/24 dev unplugged',
      'ip link set unplugged up',
      'ip link add name bare type bridge',
      'ip link set bare up',
    );
    const up = runNode(lab.prov, 'cli/smee.ts', ['up', '--iface', 'unplugged,bare,gone'], {
      cwd: folder.path,
    });
    expect(await up.ended()).to.equal(2);
    expect(up.output).to.match(/--iface=unplugged: this interface has no carrier/);
    expect(up.output).to.match(/--iface=bare: this interface has no IPv4 address/);
    expect(up.output).to.match(/--iface=gone: there is no such interface/);
  });
});
