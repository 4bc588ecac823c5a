import { type Reason, reasons } from '#shared/boot/reasons.ts';
import { harmless, switchedOn, withDhcp, withHttp, withLoader, withMachine, withNewcomer } from './change.ts';
import type { Step } from './step.ts';
import { standIns, type World } from './world.ts';

/** What would have to change for one step to answer yes. */
export interface Mend {
  /** For whom has to do it, as one sentence. */
  readonly change: string;
  /** With that change made; undefined where nothing of ours would do. */
  readonly world: World | undefined;
}

type Repair = (world: World, step: Step) => Mend;

/** What mends a no: every reason that a step can give is in here, with the change that it takes. A test counts them. */
const repairs: Partial<Record<Reason, Repair>> = {
  'service-off': (world, { service, details: { detail = '' } }) => ({
    change: `Set ${detail}=true for the ${service} service.`,
    world: switchedOn(world, service),
  }),
  'not-synced': (world) => ({
    change: 'Bring the hardware service up: the records are not here yet.',
    world: { ...world, synced: true },
  }),
  'no-server-address': (world) => ({
    change: 'Give the interface of the dhcp service an IPv4 address, or set dhcp-ip-for-packet.',
    world: { ...world, dhcp: { ...world.dhcp, address: standIns.server } },
  }),
  'unknown-machine': (world, { service }) => ({
    change:
      service === 'tftp'
        ? `Give ${world.mac} a record with its address, or set tftp-known-clients-only=false for the tftp service.`
        : `Apply a record with the MAC ${world.mac}: smee hardware apply -f FILE.`,
    world: withNewcomer(world),
  }),
  'record-left-out': (world, { details: { detail = '' } }) => ({
    change: `Correct what keeps the record from being served: ${detail}.`,
    world: withNewcomer(world),
  }),
  'ambiguous-machine': (world) => ({
    change: `Give each of ${names(world)} an address of its own.`,
    world: { ...world, machines: world.machines.filter(({ dhcp }) => dhcp.mac === world.mac) },
  }),
  'dhcp-disabled': (world) => ({
    change: `Set disableDhcp: false in ${recordOf(world)}.`,
    world: withMachine(world, (one) => ({ ...one, dhcp: { ...one.dhcp, disabled: false } })),
  }),
  'no-address': (world) => ({
    change: `Give ${recordOf(world)} an address: dhcp.ip.address and dhcp.ip.netmask.`,
    world: withMachine(world, (one) => ({ ...one, dhcp: { ...one.dhcp, address: standIns.machine } })),
  }),
  'netboot-not-allowed': (world) => ({
    change: `Set netboot.allowPXE: true in ${recordOf(world)}.`,
    world: withMachine(world, (one) => ({ ...one, netboot: { ...one.netboot, allowed: true } })),
  }),
  'netboot-options-off': (world) => ({
    change: 'Set dhcp-enable-netboot-options=true for the dhcp service.',
    world: withDhcp(world, { enableNetbootOptions: true }),
  }),
  'explicit-boot-file': (world) => ({
    change: `Set both dhcp.tftp_server_name and dhcp.boot_file_name in ${recordOf(world)}, or neither.`,
    world: withMachine(world, (one) => ({
      ...one,
      dhcp: { ...one.dhcp, tftpServerName: undefined, bootFileName: undefined },
    })),
  }),
  'unknown-architecture': (world, { details: { detail = 'its architecture' } }) => ({
    change: `Name a loader for ${detail}: netboot.ipxe.binary in ${recordOf(world)}, or ipxe-override-arch-mapping for the dhcp service.`,
    world: withMachine(world, (one) => ({ ...one, netboot: { ...one.netboot, binary: 'ipxe.efi' } })),
  }),
  'loader-missing': (world, { details: { detail = '' } }) => ({
    change: `Put ${detail} into the iPXE folder (ipxe-dir).`,
    world: withLoader(world, detail),
  }),
  'no-script': (world) => ({
    change: 'Set http-ipxe-script-enabled=true, or dhcp-http-ipxe-script-url, for the dhcp service.',
    world: withDhcp(world, { scriptEnabled: true }),
  }),
  'reply-too-big': (world) => ({
    change: `Shorten ${recordOf(world)}: what DHCP has to say does not fit, and the boot file's name is left out.`,
    world: withMachine(world, (one) => ({
      ...one,
      netboot: { ...one.netboot, scriptUrl: undefined, binary: undefined },
      dhcp: { ...one.dhcp, routes: [], nameServers: [] },
    })),
  }),
  'bad-script-url': (world) => ({
    change: `Correct netboot.ipxe.url in ${recordOf(world)}: it must be an http:// or https:// URL.`,
    world: withMachine(world, (one) => ({ ...one, netboot: { ...one.netboot, scriptUrl: undefined } })),
  }),
  'unsafe-record': (world, { details: { detail = 'a field' } }) => ({
    change: `Correct ${detail.split(' ')[0]} in ${recordOf(world)}: it cannot stand on that line.`,
    world: withMachine(world, harmless),
  }),
  'no-iso-source': (world) => ({
    change: `Set isoboot.sourceISO in ${recordOf(world)} to an http:// or https:// URL, or iso-url for the http service.`,
    world: withMachine(world, (one) => ({ ...one, isoSource: undefined })),
  }),
  'patch-too-long': (world, { details: { detail = '' } }) => ({
    change: `Shorten facility and names in ${recordOf(world)}, or extra-kernel-args for the http service (${detail}).`,
    world: withHttp(withMachine(world, harmless), { extraKernelArgs: undefined, isoMagicString: undefined }),
  }),
  'not-found': (world, step) => notFound(world, step),
};

/** The change that a no asks for, and the world with it. */
export function mendOf(world: World, step: Step): Mend {
  const repair = repairs[step.why];
  return repair?.(world, step) ?? { change: reasons[step.why].action, world: undefined };
}

/** A file that is not there, or a part of the URLs that is switched off. */
function notFound(world: World, { service, said, details: { file = '', detail = '' } }: Step): Mend {
  const [flag] = /^\S+(?= is off$)/.exec(detail) ?? [];
  if (flag !== undefined) {
    const on = { 'iso-enabled': 'isoEnabled', 'http-ipxe-script-enabled': 'httpIpxeScriptEnabled' }[flag];
    return {
      change: `Set ${flag}=true for the http service.`,
      world: withHttp(world, { [on ?? 'httpIpxeBinaryEnabled']: true }),
    };
  }
  if (said === 'artifact') {
    const artifacts = new Set([...(world.http.artifacts ?? []), detail]);
    return {
      change: `Put ${detail} into the folder of the artifacts (artifact-dir).`,
      world: { ...world, http: { ...world.http, artifacts } },
    };
  }
  if (said === 'loader') {
    const name = file.split('/').at(-1) ?? file;
    return { change: `Put ${name} into the iPXE folder (ipxe-dir).`, world: withLoader(world, name) };
  }
  if (service === 'http' && said !== 'asset') {
    return {
      change: `Correct the URL that DHCP names (dhcp-http-ipxe-…): the http service has nothing at ${file}.`,
      world: undefined,
    };
  }
  const side = service === 'tftp' ? 'tftp' : 'http';
  return {
    change: `Put ${file} into the folder of tftp-asset-dir, which the ${side} service is to serve.`,
    world: { ...world, [side]: { ...world[side], hasAssets: true } },
  };
}

function recordOf({ machines, mac }: World): string {
  const name = machines.find(({ dhcp }) => dhcp.mac === mac)?.name;
  return name === undefined || name === '' ? 'the record' : `the record ${name}`;
}

function names({ machines }: World): string {
  return machines.map(({ name }) => name).join(' and ');
}
