import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { need } from '../support/clients.ts';
import { type Clinic, openClinic, recordOf, startServices, withClock } from '../support/lab-doctor.ts';
import { foreignServer, startForeignDhcp } from '../support/lab-foreign.ts';
import { applyHardware, runNode, untilReadiness } from '../support/lab-smee.ts';

const well = { code: 0, codes: [], details: '', unseen: [] };

describe('smee doctor beside smee up on a bridge', function () {
  // The doctor listens for five seconds, and services start before it.
  this.timeout(60_000);
  let clinic: Clinic;

  before(async function () {
    clinic = await openClinic(this);
    await clinic.up();
  });
  after(async () => await clinic[Symbol.asyncDispose]());

  it('says nothing on a healthy host, and leaves nothing behind', async () => {
    const { lab, examine } = clinic;
    const look = () => lab.prov.run('sh', ['-c', 'ip -br link; ip -br addr; ip route']);
    const before = await look();
    expect(await examine()).to.deep.equal(well);
    expect(await look()).to.equal(before);
  });

  it('finds a firewall that drops UDP 69, by its rule', async () => {
    const { lab, examine } = clinic;
    const rule = ['INPUT', '-i', 'br0', '-p', 'udp', '-m', 'udp', '--dport', '69', '-j', 'DROP'];
    await lab.prov.run('iptables', ['-A', ...rule]);
    const { code, codes, details } = await examine();
    await lab.prov.run('iptables', ['-D', ...rule]);
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['firewall-drops'] });
    expect(details).to.include(`-A ${rule.join(' ')}`);
  });

  it('finds a firewall that cuts services off altogether, and not that they notice it', async () => {
    const { lab, examine } = clinic;
    const rule = ['INPUT', '-p', 'udp', '-m', 'multiport', '--dports', '67,69', '-j', 'DROP'];
    await lab.prov.run('iptables', ['-A', ...rule]);
    await untilReadiness(lab.prov, 503, 'dhcp', 'tftp');
    const { code, codes, details } = await examine();
    await lab.prov.run('iptables', ['-D', ...rule]);
    await untilReadiness(lab.prov, 200, 'dhcp', 'tftp');
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['firewall-drops'] });
    expect(details).to.match(
      /^What comes in by br0 to UDP 67 \(dhcp\), UDP 69 \(tftp\) is dropped: -A INPUT/,
    );
  });

  it('finds a firewall that lets nothing in but what it names', async function () {
    const { lab, examine } = clinic;
    const nft = need(this, 'nft', 'nftables');
    await lab.prov.setUp(
      `${nft} add table inet doctor`,
      `${nft} 'add chain inet doctor input { type filter hook input priority 0; policy drop; }'`,
      `${nft} add rule inet doctor input ct state established,related accept`,
      `${nft} add rule inet doctor input iifname lo accept`,
      `${nft} 'add rule inet doctor input meta l4proto icmp accept'`,
      `${nft} 'add rule inet doctor input iifname "br*" udp dport { 67, 514 } accept'`,
      `${nft} 'add rule inet doctor input tcp dport 8000-9000 accept'`,
    );
    const { code, codes, details } = await examine();
    await lab.prov.setUp(`${nft} delete table inet doctor`);
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['firewall-drops'] });
    expect(details).to.equal(
      'What comes in by br0 to UDP 69 (tftp) is dropped: policy drop of the chain inet doctor input.',
    );
  });

  it('finds a firewall that drops UDP 69 where no rule is read, by a machine of its own', async function () {
    const { lab, examine } = clinic;
    const nft = need(this, 'nft', 'nftables');
    await lab.prov.setUp(
      `${nft} add table netdev doctor`,
      `${nft} 'add chain netdev doctor in { type filter hook ingress device br0 priority 0; }'`,
      `${nft} add rule netdev doctor in udp dport 69 drop`,
    );
    const { code, codes, details } = await examine();
    await lab.prov.setUp(`${nft} delete table netdev doctor`);
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['firewall-drops'] });
    expect(details).to.include('A machine on br0 gets no answer from 192.168.77.1:69 (tftp)');
  });

  it('finds another DHCP server on the wire', async function () {
    const { lab, examine } = clinic;
    const server = await startForeignDhcp(this, lab);
    const { code, codes, details } = await examine();
    await server.stop();
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['other-dhcp-server'] });
    expect(details).to.match(
      new RegExp(`On br0, ${foreignServer}, MAC 52:54:00:77:01:02 offers 192\\.168\\.77\\.2\\d\\d\\.`),
    );
  });

  it('finds an MTU of 1400 behind a black hole', async () => {
    const { machine, examine } = clinic;
    // The other end of the cable still says 1500, and what is longer is dropped without a word.
    await machine.setUp('ip link set eth0 mtu 1400');
    const { code, codes, details } = await examine();
    await machine.setUp('ip link set eth0 mtu 1500');
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['path-mtu'] });
    expect(details).to.include(
      'packets of 1500 bytes; of those above 1400, none came back from 192.168.77.7',
    );
  });

  it('finds a loader that is missing for an architecture in use', async () => {
    const { lab, examine } = clinic;
    await applyHardware(lab.prov, recordOf('board', '52:54:00:77:00:08', '192.168.77.8', 'aarch64'));
    const { code, codes, details } = await examine();
    await runNode(lab.prov, 'cli/smee.ts', ['hardware', 'delete', 'board']).done();
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['loader-missing'] });
    expect(details).to.include('snp-arm64.efi, for ARM 64-bit UEFI (board), is not in');
  });

  it('finds a loader that was taken away', async () => {
    const { loaders, examine } = clinic;
    const file = join(loaders, 'undionly.kpxe');
    await rename(file, `${file}.away`);
    const { code, codes, details } = await examine();
    await rename(`${file}.away`, file);
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['loader-missing'] });
    expect(details).to.include('undionly.kpxe, for x86 BIOS (machine), is not in');
  });

  it('finds an interface that leads to no record', async () => {
    const { lab, examine } = clinic;
    await lab.addBridge('br1', '192.168.78.1/24');
    const { code, codes, details } = await examine(['--iface', 'br1']);
    await lab.prov.setUp('ip link del br1');
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['interface-without-records'] });
    expect(details).to.include('br1 is in 192.168.78.0/24');
  });

  it('finds a clock that is a day ahead, by NTP', async function () {
    const { code, codes, details } = await clinic.examine([], withClock(this, '+26h'));
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['clock-off'] });
    expect(details).to.include('NTP server 192.168.77.3 is 1.1 days behind it');
  });

  it('finds a clock that is a day behind, without any network', async function () {
    await clinic.time.stop();
    const { code, codes, details } = await clinic.examine([], withClock(this, '-26h'));
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['clock-off'] });
    expect(details).to.match(/the (file|last boot event) \S*.* is 1\.\d days ahead of it/);
  });
});

describe('smee doctor beside services of their own', function () {
  this.timeout(60_000);

  it('says nothing on a healthy host', async function () {
    await using clinic = await openClinic(this);
    await startServices(clinic);
    expect(await clinic.examine(['--iface', 'br0'])).to.deep.equal(well);
  });

  it('finds who has taken port 69', async function () {
    await using clinic = await openClinic(this);
    const dnsmasq = need(this, 'dnsmasq', 'dnsmasq-base');
    const tftp = ['--enable-tftp', `--tftp-root=${clinic.loaders}`, '--user=root'];
    const thief = clinic.lab.prov.spawn(dnsmasq, [
      '--no-daemon',
      '--port=0',
      '--conf-file=/dev/null',
      ...tftp,
    ]);
    await thief.until(/TFTP root/);
    await startServices(clinic, ['tftp']);
    expect(await clinic.service('tftp', '--ipxe-dir', clinic.loaders).ended()).to.equal(1);
    const { code, codes, details } = await clinic.examine(['--iface', 'br0']);
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['port-taken'] });
    expect(details).to.equal(`UDP port 69 (tftp) is held by dnsmasq (process ${await thief.pid}).`);
  });

  it('finds that the hardware service is down', async function () {
    await using clinic = await openClinic(this);
    const { hardware } = await startServices(clinic);
    await hardware?.stop();
    const { code, codes, details } = await clinic.examine(['--iface', 'br0']);
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['hardware-down'] });
    expect(details).to.equal('127.0.0.1:50051: connect ECONNREFUSED 127.0.0.1:50051.');
  });

  it('finds that DHCP was given an interface that is not there', async function () {
    await using clinic = await openClinic(this);
    await startServices(clinic, ['dhcp']);
    expect(await clinic.service('dhcp', '--dhcp-iface', 'eth9').ended()).to.equal(1);
    const { code, codes, details } = await clinic.examine(['--dhcp-iface', 'eth9']);
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['no-such-interface'] });
    expect(details).to.equal('There is no eth9.');
  });
});

describe('smee doctor beside a smee up that may not', function () {
  this.timeout(60_000);

  it('finds that the capability for ports below 1024 is missing', async function () {
    const setpriv = need(this, 'setpriv', 'util-linux');
    const unable = [setpriv, '--bounding-set', '-net_bind_service', '--inh-caps', '-net_bind_service', '--'];
    await using clinic = await openClinic(this);
    await clinic.up(unable);
    const { code, codes, details } = await clinic.examine([], unable);
    expect({ code, codes }).to.deep.equal({ code: 1, codes: ['missing-capability'] });
    expect(details).to.include('tftp had to take 10069 instead of UDP port 69');
  });
});
