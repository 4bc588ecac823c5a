import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeLoaders, smee, startUp } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const record = (mac: string, address: string) =>
  `${mac}:\n  ipAddress: ${address}\n  subnetMask: 255.255.255.0\n  netboot:\n    allowPxe: true\n`;

describe('smee doctor', () => {
  it('says that all is well beside a smee up on loopback, and that it looked at no network', async () => {
    await using folder = await temporaryFolder();
    const cwd = folder.path;
    await using _up = await startUp(cwd, ['--ipxe-dir', await makeLoaders(cwd)]);
    const { code, stdout, stderr } = await smee(['doctor'], { cwd });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal(
      'all well\n  not looked at: networks: none is named (--iface), so nothing was sent to any.\n',
    );
  });

  it('does without the tools of the host, and leaves TFTP alone that answers machines only', async () => {
    await using folder = await temporaryFolder();
    const cwd = folder.path;
    const flags = ['--ipxe-dir', await makeLoaders(cwd), '--tftp-known-clients-only'];
    await using _up = await startUp(cwd, flags);
    const { code, stdout } = await smee(['doctor', '--json'], { cwd, env: { PATH: cwd } });
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      well: true,
      findings: [],
      unseen: [
        'networks: none is named (--iface), so nothing was sent to any.',
        'TFTP: it answers addresses of records only.',
      ],
    });
  });

  it('tells what it found and what to do, in text and in JSON', async () => {
    await using folder = await temporaryFolder();
    const cwd = folder.path;
    const file = join(cwd, 'machines.yaml');
    const same = record('52:54:00:77:00:07', '10.0.0.7') + record('52:54:00:77:00:08', '10.0.0.7');
    await writeFile(file, same);
    const files = ['--backend', 'file', '--backend-file-path', file];
    await using _up = await startUp(cwd, ['--ipxe-dir', await makeLoaders(cwd), ...files]);
    const who = '52-54-00-77-00-07 (52:54:00:77:00:07) and 52-54-00-77-00-08 (52:54:00:77:00:08)';
    const detail = `10.0.0.7 is of ${who}.`;

    const text = await smee(['doctor'], { cwd });
    expect(text.code).to.equal(1);
    expect(text.stdout).to.match(/^✗ duplicate-address: Two records have the same address/);
    expect(text.stdout).to.include(`\n  ${detail}\n  → Give each machine`);
    expect(text.stderr).to.equal('');

    const json = await smee(['doctor', '--json'], { cwd });
    expect(json.code).to.equal(1);
    const { well, findings } = JSON.parse(json.stdout) as { well: boolean; findings: readonly object[] };
    expect(well).to.equal(false);
    expect(findings).to.have.length(1);
    expect(findings[0]).to.include({ code: 'duplicate-address', detail, sure: 'certain' });
    expect(findings[0]).to.have.all.keys('code', 'detail', 'sure', 'means', 'action');
  });

  // Ports that nobody has, whatever else runs on this host: the discard service's, and its neighbours'.
  const ports = { hardware: 9, dhcp: 10, tftp: 11, syslog: 12 };
  const flags = Object.entries(ports).map(([name, port]) => `--${name}-ops-addr=127.0.0.1:${port}`);
  const own = ['--dhcp-addr=127.0.0.1:13', '--tftp-port=14', '--http-port=15', '--syslog-port=16'];

  it('says that nothing runs, where nothing does', async () => {
    await using folder = await temporaryFolder();
    const where = ['--hardware-addr=127.0.0.1:9', '--hardware-bind=127.0.0.1:9'];
    const { code, stdout } = await smee(['doctor', '--json', ...flags, ...own, ...where], {
      cwd: folder.path,
    });
    expect(code).to.equal(1);
    const { findings } = JSON.parse(stdout) as { findings: readonly { code: string; detail: string }[] };
    // An ordinary user may not open these ports either: that is why nothing runs.
    const expected = process.getuid?.() === 0 ? 'nothing-runs' : 'missing-capability';
    expect(findings.map((one) => one.code)).to.deep.equal([expected]);
  });

  it('says what it cannot see of services that are elsewhere', async () => {
    await using folder = await temporaryFolder();
    // TEST-NET-1: nobody's.
    const elsewhere = '--hardware-addr=192.0.2.1:50051';
    const { code, stdout } = await smee(['doctor', '--json', elsewhere, ...flags, ...own], {
      cwd: folder.path,
    });
    const { findings, unseen } = JSON.parse(stdout) as {
      findings: readonly { code: string }[];
      unseen: readonly string[];
    };
    expect(code).to.equal(1);
    expect(findings.map((one) => one.code)).to.deep.equal(['hardware-down']);
    expect(unseen.at(-1)).to.match(/^ports, interfaces, firewall and disks of the provisioner/);
  });

  it('refuses settings that make no sense, all at once', async () => {
    await using folder = await temporaryFolder();
    const { code, stderr } = await smee(['doctor', '--dhcp-mode=none', '--fast'], { cwd: folder.path });
    expect(code).to.equal(2);
    expect(stderr).to.match(/--fast: no such flag/);
    expect(stderr).to.match(/--dhcp-mode="none": must be one of/);
  });

  it('explains itself', async () => {
    await using folder = await temporaryFolder();
    const { code, stdout } = await smee(['doctor', '--help'], { cwd: folder.path });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: smee doctor/);
    expect(stdout).to.include('--iface').and.include('--json').and.include('Exit codes: 0 all well');
  });
});
