import type { HostPort } from '#shared/config.ts';
import type { Originals } from './compare.ts';
import { Digest } from './compare.ts';
import { DhcpClient } from './dhcp.ts';
import { StepError } from './failure.ts';
import { clientOptions, type Firmware, firmwares } from './firmware.ts';
import { httpGet } from './http.ts';
import { acquire, type Lease, release } from './lease.ts';
import { type Identity, uuidOf } from './machine.ts';
import { type Outcome, runScript } from './script.ts';
import type { Steps, Told } from './steps.ts';
import { sendSyslog } from './syslog.ts';
import { tftpRead } from './tftp.ts';

/** The provisioner, as a machine meets it. */
export interface Provisioner {
  readonly dhcp: HostPort;
  readonly tftpPort: number;
  readonly syslogPort: number;
  readonly originals: Originals;
}

/** How many scripts may chain to each other. */
const maxChained = 5;

/**
 * One machine's boot through the real sockets, from its first DISCOVER to its RELEASE, in the order that firmware keeps.
 *
 * @param localAddress where it sends from; the host's own choice when absent
 * @throws {StepError} from the first step that fails; `steps` has it all
 */
export async function boot(
  machine: Identity,
  provisioner: Provisioner,
  localAddress: string | undefined,
  steps: Steps,
  signal: AbortSignal,
): Promise<void> {
  const firmware: Firmware = firmwares[machine.firmware];
  const uuid = uuidOf(machine.mac);
  await using dhcp = await DhcpClient.open({
    server: provisioner.dhcp,
    localAddress,
    mac: machine.mac,
    signal,
  });

  if (firmware.first !== undefined) {
    const lease = await acquire(dhcp, clientOptions(firmware.first, uuid), ['discover', 'request'], steps);
    const { loaderBy } = firmware.first;
    await steps.run('loader', () => (loaderBy === 'tftp' ? loaderByTftp(lease) : loaderByHttp(lease)));
  }
  const lease = await acquire(
    dhcp,
    clientOptions(firmware.ipxe, uuid),
    ['ipxe-discover', 'ipxe-request'],
    steps,
  );
  const plan = await steps.run('script', () => script(lease));
  await steps.run('kernel', () => artifact(plan.kernel, plan.url));
  if (plan.initrds.length > 0) await steps.run('initrd', () => initrds(plan));
  await steps.run('syslog', () => syslog(lease, plan));
  await steps.run('release', () => release(dhcp, lease));

  async function loaderByTftp({ file, nextServer }: Lease): Promise<Told<void>> {
    const server = { host: nextServer, port: provisioner.tftpPort };
    const digest = new Digest();
    await tftpRead({ server, file, localAddress, signal, onData: digest.add });
    const same = await provisioner.originals.checkLoader(file, digest);
    return [undefined, `${file} by TFTP from ${server.host}:${server.port}, ${sizeOf(digest)}, ${same}`];
  }

  /** UEFI HTTP Boot asks for the size first. */
  async function loaderByHttp({ file }: Lease): Promise<Told<void>> {
    const url = urlOf(file);
    const digest = new Digest();
    const get = { url, localAddress, signal, userAgent: 'UefiHttpBoot/1.0', onData: digest.add };
    const announced = await httpGet({ ...get, method: 'HEAD' });
    const received = await httpGet(get);
    if (announced !== received) throw new StepError(`${url}: HEAD says ${announced} bytes, GET ${received}`);
    const same = await provisioner.originals.checkLoader(url.pathname, digest);
    return [undefined, `${url}, ${sizeOf(digest)}, ${same}`];
  }

  async function script({ file }: Lease): Promise<Told<Plan>> {
    let url = urlOf(file);
    for (let chained = 0; chained < maxChained; chained++) {
      const text: Uint8Array[] = [];
      await httpGet({ url, localAddress, signal, userAgent, onData: (data) => text.push(data) });
      const outcome = runScript(Buffer.concat(text).toString(), ipxeVariables(machine, firmware, lease));
      if (outcome.end === 'boot') return [{ ...outcome, url }, `${url}, boots ${outcome.kernel}`];
      url = urlOf(outcome.url, url);
    }
    throw new StepError(`${maxChained} scripts chain to each other and none boots`);
  }

  async function artifact(address: string, base: URL): Promise<Told<void>> {
    const url = urlOf(address, base);
    const digest = new Digest();
    await httpGet({ url, localAddress, signal, userAgent, onData: digest.add });
    const same = await provisioner.originals.checkArtifact(url, digest);
    return [undefined, `${url}, ${sizeOf(digest)}, ${same}`];
  }

  async function initrds(plan: Plan): Promise<Told<void>> {
    const said: string[] = [];
    for (const address of plan.initrds) said.push((await artifact(address, plan.url))[1]);
    return [undefined, said.join('; ')];
  }

  async function syslog(lease: Lease, { settings }: Plan): Promise<Told<void>> {
    const host = settings.get('syslog') || lease.logServer;
    if (host === undefined) throw new StepError('neither option 7 nor the script names a syslog server');
    const server = { host, port: provisioner.syslogPort };
    await sendSyslog(server, localAddress, machine.name, 'the simulated machine is up');
    return [undefined, `one line to ${server.host}:${server.port}`];
  }
}

type Plan = Extract<Outcome, { end: 'boot' }> & { readonly url: URL };

const userAgent = 'iPXE/1.21.1 (smee simulate)';

/** What iPXE itself sets before a script runs. */
function ipxeVariables(machine: Identity, firmware: Firmware, lease: Lease): ReadonlyMap<string, string> {
  return new Map([
    ['mac', machine.mac],
    ['ip', lease.address],
    ['next-server', lease.nextServer],
    ['filename', lease.file],
    ['hostname', machine.name],
    ['buildarch', firmware.buildarch],
    ['platform', firmware.buildarch === 'i386' ? 'pcbios' : 'efi'],
  ]);
}

function urlOf(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null) throw new StepError(`${JSON.stringify(text)} is not a URL`);
  if (url.protocol === 'tftp:') {
    throw new StepError(`iPXE with HTTP is sent to ${url}: a loader again, not a script (SMEE_IPXE_CHAIN)`);
  }
  return url;
}

function sizeOf(digest: Digest): string {
  return `${digest.bytes.toLocaleString('en')} bytes`;
}
