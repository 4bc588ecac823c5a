import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Authority, readIdentity } from '../support/certificates.ts';
import { need } from '../support/clients.ts';
import { Composition, type Container, composeVersions } from '../support/compose.ts';
import { freePort } from '../support/free-port.ts';
import { type HostCable, hostAddress, plugIn } from '../support/host-cable.ts';
import { type Lease, leaseScript, nextLease } from '../support/lab-lease.ts';
import { ConstantLoad, fetchBody } from '../support/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

/** The machine on the cable, and another one that it might claim to be. */
const machine = { mac: '52:54:00:51:00:07', address: '198.51.100.107' };
const other = { mac: '52:54:00:51:00:08', address: '198.51.100.108' };

const records = [machine, other]
  .map(
    ({ mac, address }) => `apiVersion: tinkerbell.org/v1alpha1
kind: Hardware
metadata: { name: "m-${mac.slice(-2)}" }
spec:
  interfaces:
    - dhcp:
        mac: ${mac}
        ip: { address: ${address}, netmask: 255.255.255.0 }
      netboot: { allowPXE: true }
`,
  )
  .join('---\n');

const site = `http://${hostAddress}:8080`;
const scriptOf = ({ mac }: { mac: string }) => `${site}/${mac}/auto.ipxe`;

/** A folder for HAProxy: an RSA certificate and an EC one, each with its key, by the authority `ca.pem`. */
async function makeCertificates(folder: string): Promise<string> {
  const authority = await Authority.create(folder);
  const certificates = join(folder, 'certificates');
  await mkdir(certificates);
  for (const kind of ['rsa', 'ec'] as const) {
    const { cert, key } = await readIdentity(await authority.issue(kind, kind));
    await writeFile(join(certificates, `${kind}.pem`), Buffer.concat([cert, key]));
  }
  return certificates;
}

/** What one address may hold of the proxy. */
const mostConnections = 64;

for (const version of composeVersions) {
  describe(`docker-compose.yml and docker-compose.https.yml with Compose ${version}`, function () {
    this.timeout(120_000);
    const stack = new AsyncDisposableStack();
    let cable: HostCable;
    let stage: Composition;
    let hardwarePort: number;
    let dashboardPort: number;
    /** The machine asks DHCP: what it was told. */
    let lease: () => Promise<Lease>;
    let folder: string;
    const artifact = Buffer.from('kernel '.repeat(500));

    before(async function () {
      this.timeout(300_000);
      folder = stack.use(await temporaryFolder()).path;
      // The service is not root.
      await chmod(folder, 0o755);
      await writeFile(join(folder, 'vmlinuz'), artifact);
      const script = join(folder, 'lease.sh');
      await writeFile(script, leaseScript, { mode: 0o755 });
      const udhcpc = need(this, 'udhcpc', 'udhcpc');
      const asking = ['-f', '-q', '-n', '-t', '5', '-T', '1', '-i', 'eth0', '-s', script];
      lease = () => nextLease(cable.client.spawn(udhcpc, asking), /bound/);
      cable = stack.use(await plugIn(this, machine.mac));
      hardwarePort = await freePort();
      dashboardPort = await freePort();
      stage = stack.use(
        await Composition.create(this, {
          version,
          files: ['docker-compose.yml', 'docker-compose.https.yml'],
          settings: {
            SMEE_PUBLISH_ADDR: hostAddress,
            SMEE_DHCP_IFACE: cable.device,
            SMEE_HARDWARE_PORT: String(hardwarePort),
            SMEE_DHCP_OPS_PORT: String(await freePort()),
            SMEE_DASHBOARD_PORT: String(dashboardPort),
            SMEE_ARTIFACTS: folder,
            SMEE_TLS_CERTS: await makeCertificates(folder),
            SMEE_GIT_REV: 'e2e-revision',
            SMEE_HTTP_MAX_CONNECTIONS_PER_CLIENT: String(mostConnections),
          },
        }),
      );
      await stage.compose(['--profile', 'tools', 'build']);
    });
    after(async function () {
      this.timeout(60_000);
      await stack.disposeAsync();
    });

    it('brings every service healthy, with no more rights than it needs', async () => {
      await stage.compose(['up', '-d']);
      const containers = await stage.untilHealthy();
      const rights = Object.fromEntries(containers.map((one) => [serviceOf(one), rightsOf(one)]));
      const least = { root: false, readOnly: true, drop: ['ALL'], add: [], noNewPrivileges: true };
      expect(rights).to.deep.equal({
        hardware: least,
        tftp: least,
        http: least,
        proxy: least,
        syslog: least,
        dashboard: least,
        // The host's port 67 is root's.
        dhcp: { ...least, root: true, add: ['NET_BIND_SERVICE'] },
      });
      expect(JSON.parse(String(await fetchBody(`${site}/healthcheck`)))).to.include({
        git_rev: 'e2e-revision',
      });
    });

    it('applies records with the command line in a container', async () => {
      const said = await stage.compose(
        ['run', '--rm', '-T', 'smee', 'hardware', 'apply', '-f', '-'],
        records,
      );
      expect(said).to.include('m-07 created').and.to.include('m-08 created');
    });

    it('leases an address to a real client on the interface that was named', async () => {
      const { variables } = await lease();
      expect(variables).to.include({ ip: machine.address, serverid: hostAddress });
    });

    it('lets it read a loader over TFTP through the published port', async function () {
      const tftp = need(this, 'tftp', 'tftp-hpa');
      const get = ['-m', 'binary', hostAddress, '-c', 'get', 'undionly.kpxe', '/run/loader'];
      await cable.client.run(tftp, get);
      const [sum] = (await cable.client.run('sha256sum', ['/run/loader'])).split(' ');
      const { Id } = await stage.container('tftp');
      const [due] = (await stage.docker('exec', Id, 'sha256sum', 'assets/ipxe/undionly.kpxe')).split(' ');
      expect(sum).to.equal(due);
    });

    it('serves a script by the MAC, and by the address that the proxy saw, whatever the client claims', async function () {
      const curl = need(this, 'curl', 'curl');
      const ask = async (...args: readonly string[]) => await cable.client.run(curl, ['-sSf', ...args]);
      const own = await ask(scriptOf(machine));
      expect(own)
        .to.match(/^#!ipxe/)
        .and.to.include(`hw_addr=${machine.mac}`);
      expect(await ask(`${site}/auto.ipxe`)).to.equal(own);
      for (const header of ['X-Forwarded-For', 'Forwarded']) {
        const claim = header === 'Forwarded' ? `for=${other.address}` : other.address;
        expect(await ask('-H', `${header}: ${claim}`, `${site}/auto.ipxe`), header).to.equal(own);
      }
    });

    it('serves the same over HTTPS, with RSA and with EC, in URLs that say so', async function () {
      const curl = need(this, 'curl', 'curl');
      const ask = async (...args: readonly string[]) => await cable.client.run(curl, ['-sSf', ...args]);
      const secure = `${hostAddress}:7272`;
      // The certificate is one of localhost.
      const way = ['--connect-to', `localhost:7272:${secure}`, '-H', `Host: ${secure}`];
      for (const cipher of ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256']) {
        const tls = ['--cacert', join(folder, 'ca.pem'), '--tls-max', '1.2', '--ciphers', cipher];
        const script = await ask(...way, ...tls, 'https://localhost:7272/auto.ipxe');
        expect(script).to.include(`hw_addr=${machine.mac}`).and.to.include(`https://${secure}/artifacts`);
      }
      const claims = ['-H', 'X-Forwarded-Proto: https', '-H', 'X-Forwarded-Host: elsewhere'];
      expect(await ask(...claims, `${site}/auto.ipxe`)).to.equal(await ask(`${site}/auto.ipxe`));
    });

    it('believes nobody but the proxy', async () => {
      const replica = `http://${frontAddress(await stage.container('http'))}:8080/auto.ipxe`;
      const refused = await fetchBody(replica, undefined, { 'x-forwarded-for': machine.address }).catch(
        (error: Error) => error.message,
      );
      expect(refused).to.match(/^404 /);
    });

    it('has a proxy whose configuration holds without the settings of the compose file, too', async () => {
      const { Id } = await stage.container('proxy');
      const check = ['haproxy', '-c', '-f', '/usr/local/etc/haproxy/haproxy.cfg'];
      await stage.docker('exec', Id, 'env', '-u', 'SMEE_HTTP_MAX_CONNECTIONS_PER_CLIENT', ...check);
    });

    it('lets one client hold only so many connections, and serves the others', async function () {
      const curl = need(this, 'curl', 'curl');
      const sockets = Array.from({ length: mostConnections + 10 }, () => connect(8080, hostAddress));
      let closed = 0;
      for (const socket of sockets) {
        socket.on('error', () => undefined);
        socket.once('close', () => {
          closed++;
        });
      }
      try {
        await until('what is too much is closed', () => closed >= 10);
        expect(await cable.client.run(curl, ['-sSf', scriptOf(machine)])).to.match(/^#!ipxe/);
        // This process may hold connections of earlier requests, too.
        expect(sockets.length - closed).to.be.within(mostConnections - 8, mostConnections);
      } finally {
        for (const socket of sockets) socket.destroy();
      }
    });

    it('shows the dashboard on loopback, with what the machine has done', async () => {
      const site = `http://127.0.0.1:${dashboardPort}`;
      expect(String(await fetchBody(`${site}/`))).to.include('/page/main.ts');
      const fleet = JSON.parse(String(await fetchBody(`${site}/api/fleet`)));
      expect(fleet).to.have.property('summary');
    });

    it('scales http to three under load, kills one and scales down, without one failed request', async () => {
      const due = new Map([
        [`${site}/artifacts/vmlinuz`, artifact],
        [scriptOf(machine), await fetchBody(scriptOf(machine))],
        [scriptOf(other), await fetchBody(scriptOf(other))],
      ]);
      const load = new ConstantLoad(due);
      await stage.compose(['up', '-d', '--no-recreate', '--scale', 'http=3']);
      const replicas = await stage.untilHealthy('http', 3);
      await allAnswer(replicas);

      const victim = replicas[1]!;
      process.kill(victim.State.Pid, 'SIGKILL');
      await until('the killed replica is started again', async () => {
        const { RestartCount } = (await stage.containers('http')).find(({ Id }) => Id === victim.Id)!;
        return RestartCount > victim.RestartCount;
      });
      await allAnswer(await stage.untilHealthy('http', 3));

      await stage.compose(['up', '-d', '--no-recreate', '--scale', 'http=1']);
      await stage.untilHealthy('http', 1);
      const asked = load.requests;
      await until('the load goes on', () => load.requests > asked + 100);
      const { requests, failures } = await load.end();
      console.log(`      ${failures.length} of ${requests} requests failed`);
      const told =
        failures.length === 0 ? '' : `${failures.slice(0, 3).join('\n')}\n${await stage.logs('proxy')}`;
      expect(failures, told).to.have.lengthOf(0);
      expect(requests).to.be.above(500);
    });

    it('tells a client without a proto file what it speaks, and is called by that', async () => {
      const args = ['examples/reflect.ts', `127.0.0.1:${hardwarePort}`];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const lines = stdout.trim().split('\n');
      expect(lines).to.include('service smee.hardware.v1.HardwareService');
      const names = lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line).name] : []));
      expect(names).to.deep.equal(['m-07', 'm-08']);
    });

    it('boots machines while hardware is down, also after a restart of every other service', async () => {
      await stage.compose(['stop', 'hardware']);
      await stage.compose(['restart', 'dhcp', 'tftp', 'http', 'syslog']);
      for (const service of ['dhcp', 'tftp', 'http', 'syslog']) await stage.untilHealthy(service, 1);
      expect((await lease()).variables).to.include({ ip: machine.address });
      await until('the proxy has found the replica again', () =>
        fetchBody(scriptOf(machine)).then(
          (body) => body.toString().startsWith('#!ipxe'),
          () => false,
        ),
      );
      await stage.compose(['start', 'hardware']);
      await stage.untilHealthy();
    });

    it('stops every service within its time, with nothing left undone', async () => {
      const started = performance.now();
      await stage.compose(['stop']);
      const stopped = await stage.containers();
      const codes = Object.fromEntries(stopped.map((one) => [serviceOf(one), one.State.ExitCode]));
      const services = ['hardware', 'dhcp', 'tftp', 'http', 'proxy', 'syslog', 'dashboard'];
      expect(codes).to.deep.equal(Object.fromEntries(services.map((name) => [name, 0])));
      expect(performance.now() - started).to.be.below(30_000);
    });
  });
}

function serviceOf({ Config }: Container): string {
  return Config.Labels['com.docker.compose.service'] ?? '';
}

function rightsOf({ Config, HostConfig }: Container) {
  return {
    root: ['', 'root', '0'].includes(Config.User),
    readOnly: HostConfig.ReadonlyRootfs,
    drop: HostConfig.CapDrop,
    add: HostConfig.CapAdd ?? [],
    noNewPrivileges: HostConfig.SecurityOpt?.includes('no-new-privileges:true'),
  };
}

/** Where the proxy reaches a replica. */
function frontAddress({ NetworkSettings }: Container): string {
  const [, network] = Object.entries(NetworkSettings.Networks).find(([name]) => name.endsWith('front'))!;
  return network.IPAddress;
}

/** Waits until each of the replicas answers scripts that machines ask for, by its own count. */
async function allAnswer(replicas: readonly Container[]): Promise<void> {
  const answered = async (replica: Container) => {
    const metrics = await fetchBody(`http://${frontAddress(replica)}:8080/metrics`);
    return Number(/^smee_http_answers_total\{said="script".*\} (\d+)$/m.exec(metrics.toString())?.[1] ?? 0);
  };
  const before = await Promise.all(replicas.map(answered));
  await until('every replica answers', async () => {
    const now = await Promise.all(replicas.map(answered));
    return now.every((count, at) => count > before[at]!);
  });
}
