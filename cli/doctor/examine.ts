import { fileURLToPath } from 'node:url';
import { messageOf } from '#shared/errors.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import { neededLoaders } from './decide/needed-loaders.ts';
import type { Facts, InterfaceFact, ServiceFact } from './facts.ts';
import { probeClocks } from './probe/clocks.ts';
import { probeFiles } from './probe/files.ts';
import { probeAsGuest } from './probe/guest.ts';
import { probeHardware } from './probe/hardware.ts';
import { namedTftp, probeDisks, probeWeb } from './probe/host.ts';
import { deniedDevices, probeInterfaces } from './probe/interfaces.ts';
import { probeOffers } from './probe/offers.ts';
import { probePath } from './probe/path.ts';
import { probeRules } from './probe/rules.ts';
import { probeServices } from './probe/services.ts';
import { probeTftp } from './probe/tftp.ts';
import type { Site } from './site.ts';

/** Written when smee was installed here. */
const installed = fileURLToPath(new URL('../../package.json', import.meta.url));

export interface Examination {
  readonly facts: Facts;
  /** What could not be looked at, and why; a sentence each. */
  readonly unseen: readonly string[];
}

/**
 * Looks at everything, in two rounds of probes that run side by side: what is here, then what is done with it. Each probe has a time
 * of its own; together they take under fifteen seconds. Nothing is sent to the network but on the site's devices, and to the NTP
 * servers and the other servers that settings and records name.
 */
export async function examine(site: Site, ownAddresses: readonly Ip4[]): Promise<Examination> {
  const unseen: string[] = [];
  const { mode, devices, local } = site;
  const [services, links, denied, hardware, files] = await Promise.all([
    probeServices(site.places),
    probeInterfaces(devices),
    deniedDevices(devices),
    probeHardware(site.hardware, local),
    site.recordFiles === undefined ? undefined : probeFiles(site.recordFiles),
  ]);
  const { records = [] } = hardware;
  const interfaces = links ?? [];
  const usable = interfaces.filter(({ up, networks }) => up && networks.length > 0);
  const needed = neededLoaders(hardware, site.archMapping);
  const taken = records.flatMap(({ address }) => address ?? []);

  const [tftp, named, rules, guests, offers, paths, clocks, disks] = await Promise.all([
    probeTftp(tftpServers(site, services, usable), needed, site.ipxeDir),
    probeNamed(site),
    devices.length === 0 ? [] : probeRules(interfaces, services),
    Promise.all(
      usable
        .filter(({ openBridge }) => openBridge && site.tftpAnswersAll && isHeard(services, 'tftp'))
        .map((one) =>
          probeAsGuest(one, { port: site.tftpPort, file: needed[0]?.file ?? 'smee-doctor', taken }),
        ),
    ),
    Promise.all(
      usable.map((one) =>
        probeOffers(one).catch((error: unknown) => {
          unseen.push(`other DHCP servers on ${one.name}: ${messageOf(error)}.`);
          return [];
        }),
      ),
    ),
    Promise.all(usable.map((one) => probePath(one, records))),
    probeClocks({
      servers: records.flatMap(({ timeServers }) => timeServers),
      files: [installed, ...site.folders],
      lastBoot: hardware.lastBoot,
    }),
    probeDisks(local ? site.folders : []),
  ]);

  if (links === undefined && devices.length > 0)
    unseen.push(`${devices.join(', ')}: iproute2 (ip) is not here.`);
  if (devices.length === 0) unseen.push('networks: none is named (--iface), so nothing was sent to any.');
  if (rules === undefined)
    unseen.push('the rules of the firewall: root can read them, with nft or iptables.');
  if (!site.tftpAnswersAll) unseen.push('TFTP: it answers addresses of records only.');
  if (!local) unseen.push(elsewhere(hardware.where));
  return {
    unseen,
    facts: {
      mode,
      interfaces,
      ownAddresses,
      services,
      deniedDevices: denied,
      hardware,
      files,
      ...tftp,
      named,
      rules: rules ?? [],
      guests: guests.flatMap((one) => one ?? []),
      offers: offers.flat(),
      paths: paths.flat(),
      clocks,
      disks,
    },
  };
}

function elsewhere(where: string): string {
  return `ports, interfaces, firewall and disks of the provisioner: the hardware service is at ${where}, outside of this host or container. Run smee doctor on the provisioner itself, too.`;
}

function isHeard(services: readonly ServiceFact[], wanted: ServiceFact['service']): boolean {
  return services.some(({ service, state }) => service === wanted && state !== 'silent');
}

/** Where TFTP is to be asked; nowhere while somebody else has its port. */
function tftpServers(
  { tftp, tftpPort, local, tftpAnswersAll }: Site,
  services: readonly ServiceFact[],
  links: readonly InterfaceFact[],
) {
  const service = services.find((one) => one.service === 'tftp');
  const isForeign =
    service?.wanted.holders.some(({ kind }) => kind === 'foreign' || kind === 'hidden') ?? true;
  if (service === undefined || !tftpAnswersAll || (service.state === 'silent' && (isForeign || !local)))
    return [];
  const everywhere = links.flatMap(({ networks }) => networks.map(({ address }) => formatIp4(address)));
  const hosts = tftp?.map(({ host }) => (host === '0.0.0.0' ? '127.0.0.1' : host)) ?? [
    '127.0.0.1',
    ...everywhere,
  ];
  return hosts.map((host) => ({ host, port: tftpPort }));
}

async function probeNamed({ namedTftp: server, namedWeb }: Site): Promise<Facts['named']> {
  const [web, tftp] = await Promise.all([
    probeWeb(namedWeb),
    server === undefined ? undefined : probeTftp([server], [], undefined),
  ]);
  const answers = tftp?.tftp[0]?.answers ?? false;
  return server === undefined ? web : [...web, namedTftp(server, answers)];
}
