import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { devices } from '#shared/udp/devices.ts';

const script = fileURLToPath(new URL('../../../support/udp-process.ts', import.meta.url));

describe('shared/udp/devices.ts', () => {
  it('knows the loopback interface of this host', () => {
    expect(devices().find(({ name }) => name === 'lo')).to.include({ index: 1 });
  });

  it('tells of its own network namespace, whatever is mounted at /sys', () => {
    const lines = [
      'ip link set lo mtu 9000',
      'ip link add va mtu 1400 type veth peer name vb',
      'ip -json link show',
      `"${process.execPath}" "${script}" devices`,
    ];
    const { stdout, stderr } = spawnSync('unshare', ['-Urn', 'sh', '-ec', lines.join('\n')], {
      timeout: 20_000,
      encoding: 'utf8',
    });
    expect(stderr).to.equal('');
    const [links = '', found = ''] = stdout.trim().split('\n');
    const due = (JSON.parse(links) as { ifname: string; ifindex: number; mtu: number }[]).map(
      ({ ifname: name, ifindex: index, mtu }) => ({ name, index, mtu }),
    );
    expect(JSON.parse(found)).to.have.deep.members(due);
    expect(due).to.deep.include({ name: 'lo', index: 1, mtu: 9000 });
  });
});
