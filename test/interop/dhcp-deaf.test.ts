import { expect } from 'chai';
import { createDhcpLab } from '../support/lab-dhcp.ts';
import { runNode, untilReadiness } from '../support/lab-smee.ts';

describe('services/dhcp on an interface', function () {
  this.timeout(90_000);

  it('is ready as long as it hears there, saying nothing on the wire, and not once the interface is another of the same name', async function () {
    await using net = await createDhcpLab(this);
    const { lab, dhcp } = net;
    const neighbour = await lab.addClient('neighbour', '52:54:00:77:00:31');
    await using wire = runNode(neighbour, 'test/support/inside/sniff.ts', ['eth0']);
    await wire.until(/listening\n/);

    await lab.prov.setUp('ip link set br0 down');
    await untilReadiness(lab.prov, 503, 'dhcp');
    await dhcp.until(/"socket":"br0:67".*does not even hear itself/);
    await lab.prov.setUp('ip link set br0 up');
    await dhcp.until(/"socket":"br0:67".*hears again/);
    await untilReadiness(lab.prov, 200, 'dhcp');
    // The destination of an IPv4 packet, in hex: 224.0.0.1.
    expect(wire.output.split('\n').filter((frame) => frame.slice(60, 68) === 'e0000001')).to.deep.equal([]);

    await lab.prov.setUp('ip link del br0');
    await lab.addBridge('br0', '192.168.77.1/24');
    await untilReadiness(lab.prov, 503, 'dhcp');
  });
});
