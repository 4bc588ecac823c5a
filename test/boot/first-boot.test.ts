import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Authority } from '../support/certificates.ts';
import { makeLoaders, smee, startSmee, startUp, type TestUp } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const services = ['hardware', 'dhcp', 'tftp', 'http', 'syslog'];

/** What `smee simulate --json` prints of one machine. */
interface Story {
  readonly booted: boolean;
  readonly failed?: string;
  readonly why?: string;
  readonly mac: string;
  readonly steps: readonly { readonly step: string; readonly said: string; readonly ok: boolean }[];
}

describe('a first boot through smee up', function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let loaders: string;
  let up: TestUp;

  before(async () => {
    folder = await temporaryFolder();
    loaders = await makeLoaders(folder.path);
    up = await startUp(folder.path, [`--ipxe-dir=${loaders}`]);
  });

  after(async () => {
    await up[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function simulate(
    ...args: readonly string[]
  ): Promise<{ code: number | null; stories: Story[]; stderr: string }> {
    const { code, stdout, stderr } = await smee(['simulate', '--json', ...args], { cwd: folder.path });
    const stories = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Story);
    return { code, stories, stderr };
  }

  async function apply(spec: object): Promise<void> {
    const document = {
      apiVersion: 'tinkerbell.org/v1alpha1',
      kind: 'Hardware',
      metadata: { name: 'mine' },
      spec,
    };
    const input = JSON.stringify(document);
    expect((await smee(['hardware', 'apply', '-f', '-'], { cwd: folder.path, input })).stderr).to.equal('');
  }

  it('is up: every address in the banner and in a file that only its owner reads', async () => {
    const { stderr } = up.process;
    for (const { host, port } of [...up.file.dhcp, ...up.file.tftp, ...up.file.http, ...up.file.syslog]) {
      expect(host).to.equal('127.0.0.1');
      expect(stderr).to.contain(`${host}:${port}`);
    }
    expect(stderr).to.contain('npx smee simulate');
    expect(stderr).to.contain('demo bytes');
    expect((await stat(join(folder.path, 'data', 'up.json'))).mode & 0o777).to.equal(0o600);
  });

  it('is ready in every service', async () => {
    const addresses = [...Object.values(up.file.ops), up.file.http[0]!];
    expect(addresses).to.have.length(services.length);
    for (const { host, port } of addresses) {
      expect((await fetch(`http://${host}:${port}/readyz`)).status).to.equal(200);
    }
  });

  it('refuses to be started a second time in the same folder', async () => {
    const { code, stderr } = await smee(['up'], { cwd: folder.path });
    expect(code).to.equal(1);
    expect(stderr).to.contain(`process ${up.process.pid}`);
  });

  const ipxe = [
    'ipxe-discover',
    'ipxe-request',
    'script',
    'kernel',
    'initrd',
    'syslog',
    'release',
    'clean-up',
  ];
  for (const [firmware, first] of [
    ['bios', ['discover', 'request', 'loader']],
    ['uefi', ['discover', 'request', 'loader']],
    ['http', ['discover', 'request', 'loader']],
    ['ipxe', []],
  ] as const) {
    it(`boots ${firmware}, and every byte is the one on disk`, async () => {
      const { code, stories } = await simulate('--firmware', firmware);
      const [story] = stories;
      expect(story?.steps.map(({ step }) => step)).to.deep.equal(['record', ...first, ...ipxe]);
      expect(story).to.deep.include({ booted: true });
      const compared = story?.steps.filter(({ said }) => said.includes('as on disk')).map(({ step }) => step);
      expect(compared).to.deep.equal([...first.slice(2), 'kernel', 'initrd']);
      expect(code).to.equal(0);
    });
  }

  it('shows the steps to a person as they happen', async () => {
    const { code, stdout } = await smee(['simulate'], { cwd: folder.path });
    expect(code).to.equal(0);
    expect(stdout).to.match(/✓ discover .* offers 127\.77\.\d+\.\d+ and undionly\.kpxe\n/);
    expect(stdout).to.match(/booted in \d+/);
  });

  it('boots fifty at once and sums them up', async () => {
    const { code, stdout } = await smee(['simulate', '--machines', '50'], { cwd: folder.path });
    expect(stdout).to.match(/^initrd +50 +0 /m);
    expect(stdout).to.match(/all 50 machines booted/);
    expect(code).to.equal(0);
  });

  it('says the MAC in every line about the machine, and the reason in every answer', async () => {
    const { stories } = await simulate('--firmware', 'bios');
    const mac = stories[0]!.mac;
    const lines = up
      .log()
      .filter((line) => ['dhcp', 'tftp', 'http', 'syslog'].includes(String(line.service)));
    const exchanges = lines.filter((line) => 'peer' in line || 'xid' in line);
    expect(exchanges.filter((line) => line.mac === undefined)).to.deep.equal([]);
    expect(exchanges.filter((line) => line.service !== 'syslog' && line.why === undefined)).to.deep.equal([]);
    const heard = exchanges.filter((line) => line.mac === mac).map((line) => line.service);
    expect(new Set(heard)).to.deep.equal(new Set(['dhcp', 'tftp', 'http', 'syslog']));
  });

  it('leaves no record behind', async () => {
    const { stdout } = await smee(['hardware', 'list', '-o', 'json'], { cwd: folder.path });
    expect(JSON.parse(stdout).items).to.deep.equal([]);
  });

  const mine = '52:54:00:99:00:01';
  const dhcp = { mac: mine, ip: { address: '127.99.0.1', netmask: '255.0.0.0' } };
  for (const [why, interface_, step] of [
    ['netboot-not-allowed', { dhcp, netboot: { allowPXE: false } }, 'discover'],
    ['dhcp-disabled', { dhcp, disableDhcp: true, netboot: { allowPXE: true } }, 'discover'],
  ] as const) {
    it(`names ${why} when the machine's own record says so, and leaves that record alone`, async () => {
      await apply({ interfaces: [interface_] });
      const { code, stories } = await simulate('--mac', mine, '--timeout', '2s');
      expect(code).to.equal(1);
      expect(stories).to.have.length(1);
      expect(stories[0]).to.deep.include({ booted: false, failed: step, why });
      const lines = up.log().filter((line) => line.service === 'dhcp' && line.mac === mine);
      expect(lines.map((line) => line.why)).to.include(why);
      expect((await smee(['hardware', 'get', 'mine'], { cwd: folder.path })).code).to.equal(0);
      await smee(['hardware', 'delete', 'mine'], { cwd: folder.path });
    });
  }

  it('boots the machine of a record that is there', async () => {
    await apply({ interfaces: [{ dhcp, netboot: { allowPXE: true } }] });
    const { code, stories } = await simulate('--mac', mine, '--firmware', 'uefi');
    expect(stories[0]?.steps.map(({ step }) => step)).not.to.include.members(['record']);
    expect(code).to.equal(0);
    await smee(['hardware', 'delete', 'mine'], { cwd: folder.path });
  });

  it('fails at the kernel when a script names one that is not there', async () => {
    const osie = { kernel: 'no-such-kernel' };
    await apply({ interfaces: [{ dhcp, netboot: { allowPXE: true, osie } }] });
    const { code, stories } = await simulate('--mac', mine, '--firmware', 'ipxe');
    expect(stories[0]).to.deep.include({ failed: 'kernel', why: 'not-found' });
    expect(code).to.equal(1);
    await smee(['hardware', 'delete', 'mine'], { cwd: folder.path });
  });

  it('finds one wrong byte, names the step, and removes its record', async () => {
    const served = await temporaryFolder();
    await using _served = served;
    const others = await makeLoaders(served.path);
    await using other = await startUp(served.path, [`--ipxe-dir=${others}`]);
    // The same provisioner, to which another folder is named as the original.
    const changed = await readFile(join(others, 'undionly.kpxe'));
    changed[changed.length - 1]! ^= 1;
    await writeFile(join(loaders, 'undionly.kpxe'), changed);
    const upFile = join(served.path, 'data', 'up.json');
    await writeFile(upFile, JSON.stringify({ ...other.file, ipxeDir: loaders }));
    const { code, stdout } = await smee(['simulate'], { cwd: served.path });
    expect(stdout).to.match(/✗ loader .* are not those of .*undionly\.kpxe/);
    expect(stdout).to.match(/✓ clean-up/);
    expect(stdout).to.contain('failed at loader');
    expect(code).to.equal(1);
  });

  it('names HTTPS and the second port of the proxy modes, too, where there are any', async () => {
    await using secured = await temporaryFolder();
    const { cert, key } = await (await Authority.create(secured.path)).issue('boot', 'rsa');
    await using other = await startUp(secured.path, [
      ...[`--ipxe-dir=${loaders}`, `--tls-cert-file=${cert}`, `--tls-key-file=${key}`, '--https-bind-port=0'],
      ...['--dhcp-mode=auto-proxy', '--iface=lo', '--dhcp-proxy-port=0'],
    ]);
    const { https, dhcpProxy } = other.file;
    expect(https).to.have.length(1);
    expect(dhcpProxy).to.have.length(1);
    expect(other.process.stderr).to.match(new RegExp(`https +https://127.0.0.1:${https[0]?.port}\\n`));
    expect(other.process.stderr).to.match(new RegExp(`proxy +lo:${dhcpProxy[0]?.port}  UDP\\n`));
    expect([up.file.https, up.file.dhcpProxy]).to.deep.equal([[], []]);
  });

  it('says who is missing when nobody answers', async () => {
    const { code, stories } = await simulate('--server', '127.0.0.1:9', '--timeout', '500ms');
    expect(stories[0]).to.deep.include({ booted: false, failed: 'discover' });
    expect(stories[0]?.steps.at(-1)).to.deep.include({ step: 'clean-up', ok: true });
    expect(code).to.equal(1);
  });

  it('removes its record when it is interrupted', async () => {
    const simulation = startSmee(['simulate', '--server', '127.0.0.1:9'], { cwd: folder.path });
    await until('the record is there', () => simulation.stdout.includes('✓ record'));
    simulation.kill('SIGINT');
    expect(await simulation.ended).to.equal(1);
    expect(simulation.stdout).to.contain('failed at discover: interrupted');
    expect(simulation.stdout).to.match(/✓ clean-up .* removed/);
  });

  it('stops at a signal, and takes its file away', async () => {
    up.process.kill('SIGTERM');
    expect(await up.process.ended).to.equal(0);
    expect(up.log().at(-1)?.msg).to.equal('stopped');
    const { code, stderr } = await smee(['simulate'], {
      cwd: folder.path,
      env: { SMEE_HARDWARE_ADDR: '127.0.0.1:1' },
    });
    expect(code).to.equal(4);
    expect(stderr).to.contain('npm start');
  });
});
