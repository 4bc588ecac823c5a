import { expect } from 'chai';
import { bootClient } from '../support/boot-events.ts';
import { makeLoaders, smee, startUp } from '../support/cli.ts';
import { record, testHardware } from '../support/hardware-server.ts';
import { helloFromAll } from '../support/hellos.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const mac = '52:54:00:77:00:07';

/** A hardware service with one record, of which every service has said hello; and `smee explain` there. */
async function provisioner(parts: Parameters<typeof record>[2] = {}) {
  await using stack = new AsyncDisposableStack();
  const service = stack.use(await testHardware());
  const { port } = service.running.address;
  await service.client.create(record('node7', 7, parts));
  const boots = stack.use(bootClient(port));
  stack.use(await helloFromAll(boots));
  const owned = stack.move();
  return {
    explain: (...args: readonly string[]) =>
      smee(['explain', '--server', `127.0.0.1:${port}`, ...args], { cwd: '/' }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const [lan] = record('', 7).interfaces ?? [];
const forbidden = { interfaces: [{ ...lan, netboot: { allowPxe: false } }] };

describe('cli/explain.ts', () => {
  it('says in the first line that a machine would boot, and ends with 0', async () => {
    await using at = await provisioner();
    const { code, stdout, stderr } = await at.explain('node7', '--arch=x86_64-efi');
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    expect(stdout.split('\n').slice(0, 5)).to.deep.equal([
      '✓ node7 would boot.',
      `  ${mac}  10.77.0.7`,
      '',
      '  ✓ dhcp  DISCOVER of PXE firmware, x64 UEFI  OFFER     ipxe.efi  10.77.0.7',
      '  ✓ dhcp  REQUEST of PXE firmware, x64 UEFI   ACK       ipxe.efi  10.77.0.7',
    ]);
    expect(stdout).not.to.contain('✗');
  });

  it('says in the first line why not, then what to change, and ends with 1', async () => {
    await using at = await provisioner(forbidden);
    const { code, stdout } = await at.explain(mac, '--firmware=http', '--arch=x86_64-efi');
    expect(code).to.equal(1);
    const lines = stdout.split('\n');
    expect(lines[0]).to.equal(
      '✗ node7 would not boot: The record does not allow this machine to boot from the network.',
    );
    expect(lines).to.include('  once that is mended:');
    expect(lines.at(-3)).to.equal('What would have to change:');
    expect(lines.at(-2)).to.equal('  1. Set netboot.allowPXE: true in the record node7.');
    expect(lines).to.include(
      '            netboot-not-allowed: The record does not allow this machine to boot from the network.',
    );
  });

  it('tells a stranger from a machine that is known', async () => {
    await using at = await provisioner();
    const { code, stdout } = await at.explain('52:54:00:99:99:99');
    expect(code).to.equal(1);
    expect(stdout).to.match(/^✗ 52:54:00:99:99:99 would not boot: No hardware record has this MAC/);
    expect(stdout).to.contain('smee hardware apply -f FILE');
    expect((await at.explain('nobody')).code).to.equal(3);
  });

  it('shows one stage, and the whole answer to programs', async () => {
    await using at = await provisioner(forbidden);
    const { code, stdout } = await at.explain(mac, '--stage=tftp', '--json');
    expect(code).to.equal(1);
    const told = JSON.parse(stdout);
    expect(told.machine.mac).to.equal(mac);
    expect(told.steps.map(({ stage }: { stage: string }) => stage)).to.deep.equal(['DHCP', 'TFTP']);
  });

  it('knows the services of smee up as they are', async () => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    const loaders = await makeLoaders(cwd);
    await using up = await startUp(cwd, ['--ipxe-dir', loaders]);
    const yaml = `---
apiVersion: tinkerbell.org/v1alpha1
kind: Hardware
metadata: { name: node7 }
spec:
  interfaces:
    - dhcp: { mac: "${mac}", arch: x86_64, uefi: true, ip: { address: 127.77.0.7, netmask: 255.0.0.0 } }
      netboot: { allowPXE: true }
`;
    expect((await smee(['hardware', 'apply', '-f', '-'], { cwd, input: yaml })).code).to.equal(0);
    const explain = async () => JSON.parse((await smee(['explain', 'node7', '--json'], { cwd })).stdout);
    let told = await explain();
    await until('every service has reported', async () => {
      told = await explain();
      return told.unknowns.length === 0;
    });
    const { host, port } = up.file.http[0]!;
    expect(told.boots).to.equal(true);
    expect(told.steps[3].details.file).to.equal(`http://${host}:${port}/${mac}/auto.ipxe`);

    const arm = await smee(['explain', 'node7', '--arch=arm64-efi'], { cwd });
    expect(arm.code).to.equal(1);
    expect(arm.stdout).to.contain('Put snp-arm64.efi into the iPXE folder');
  });

  it('ends with 2 for what makes no sense', async () => {
    await using at = await provisioner();
    for (const args of [[], [mac, '--arch=vax'], [mac, '--firmware=floppy'], [mac, '--stage=syslog']]) {
      const { code, stderr } = await at.explain(...args);
      expect([code, stderr === ''], args.join(' ')).to.deep.equal([2, false]);
    }
  });

  it('says what it means when the hardware service is down', async () => {
    const { code, stderr } = await smee(['explain', '--server', '127.0.0.1:1', mac], { cwd: '/' });
    expect(code).to.equal(4);
    expect(stderr).to.contain('127.0.0.1:1 does not answer').and.to.contain('not-synced');
  });

  it('shows no character of a record that a terminal would obey', async () => {
    const dhcp = { ...lan?.dhcp, tftpServerName: 'a', bootFileName: 'x\u202ey' };
    await using at = await provisioner({ interfaces: [{ ...lan, dhcp }] });
    const { stdout } = await at.explain('node7');
    expect(stdout).not.to.contain('\u202e');
    expect(stdout).to.contain('x\\u202ey');
  });
});
