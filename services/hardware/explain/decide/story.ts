import { toBytes } from '#shared/bytes.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { formatMac } from '#shared/mac.ts';
import { syslogHostOf } from '#shared/script/decide.ts';
import type { Script } from '#shared/script/render.ts';
import { decideMount, isoPrefix } from '../../../http/decide/iso-mount.ts';
import { hookMagicString } from '../../../http/wire/hook-magic.ts';
import { type Client, clientOf } from './client.ts';
import { askDhcp } from './dhcp.ts';
import { fetchNamed, overHttp } from './fetch.ts';
import { kernelArch, type Platform } from './platform.ts';
import { shownUrl } from './show.ts';
import { detailsOf, type Step, type Told } from './step.ts';
import { machineIn, type World } from './world.ts';

/**
 * What a machine does from power-on to its kernel, and what it is answered, step by step; then whatever else its record asks
 * for. A part ends at its first no: what would come after it depends on how that is mended.
 */
export function* story(world: World, platform: Platform): Generator<Told> {
  yield* networkBoot(world, platform);
  const { netboot, isoSource } = machineIn(world) ?? {};
  if (netboot?.pxelinuxConfig !== undefined) {
    yield* fetchNamed(world, `pxelinux.cfg/01-${formatMac(world.mac, 'dash')}`, tftpAddress(world));
  }
  if (netboot?.rpi !== undefined) {
    for (const name of ['config.txt', 'cmdline.txt']) {
      yield* fetchNamed(world, `${netboot.rpi.serialNum}/${name}`, tftpAddress(world));
    }
  }
  if (isoSource !== undefined) yield* isoBoot(world);
}

function* networkBoot(world: World, platform: Platform): Generator<Told> {
  if (world.dhcp.settings.mode !== 'reservation')
    yield { unknown: 'Its address comes from another DHCP server (dhcp-mode): that one is not looked into.' };
  for (let client: Client | undefined = clientOf(platform); client !== undefined; client = client.loads) {
    const reply = yield* askDhcp(world, client);
    if (reply?.file === undefined) return;
    if (reply.why === 'explicit-boot-file') {
      yield { unknown: 'The record names its own server and boot file: what they hold is not looked into.' };
      return;
    }
    const got = yield* fetchNamed(world, reply.file, reply.header.siaddr);
    if (got === undefined) return;
    if (!isLoader(world, reply.file)) {
      if (got.kind === 'script') yield* images(world, got.script, platform);
      if (got.kind === 'file') yield { unknown: 'What that script fetches is not looked into.' };
      return;
    }
    if (client.loads?.loads === undefined && client.loads !== undefined)
      yield {
        unknown:
          'iPXE is chained to our own binary: unless that one says the user class Tinkerbell, it is chained for ever.',
      };
  }
}

/** A loader asks DHCP again when it runs; a script does not. */
function isLoader(world: World, file: string): boolean {
  const base = file.split('/').at(-1) ?? '';
  const own = machineIn(world)?.netboot.binary;
  const mapped = [...world.dhcp.settings.archMapping.values()];
  return world.tftp.knownLoaders.has(base) || [own, ...mapped].some((name) => name?.endsWith(base) ?? false);
}

/** What a script fetches: kernel and initrd, where it is ours to know. */
function* images(world: World, script: Script, { arch }: Platform): Generator<Told> {
  switch (script.kind) {
    case 'custom-script':
      yield {
        unknown: 'The record has a script of its own (ipxe.contents): what it fetches is not looked into.',
      };
      return;
    case 'custom-url':
      if (URL.canParse(script.url)) yield* overHttp(world, new URL(script.url));
      return;
    default:
      for (const name of [script.boot.kernel, script.boot.initrd]) {
        const named = name.replace(`\${arch}`, kernelArch(arch));
        const url = `${script.boot.downloadUrl}/${named}`;
        if (URL.canParse(url)) yield* overHttp(world, new URL(url));
      }
  }
}

/** `/iso/<mac>/…iso`, as a BMC mounts it. */
function* isoBoot(world: World): Generator<Told> {
  const { mac, synced, http, dhcp } = world;
  const path = `${isoPrefix}${mac}/boot.iso`;
  const asking = { stage: 'iso', service: 'http', asks: `GET ${path}`, said: 'iso' } as const;
  const no = (why: Step['why'], detail: string | undefined): Step => {
    return { ...asking, outcome: 'no', why, details: detailsOf({ file: path, detail }) };
  };
  if (!http.settings.isoEnabled) {
    yield no('not-found', 'iso-enabled is off');
    return;
  }
  const host = formatIp4(dhcp.address);
  const { length: room } = toBytes(http.settings.isoMagicString ?? hookMagicString);
  const syslogHost = syslogHostOf(http.settings, { host, text: host });
  const mount = decideMount(machineIn(world), synced, http.settings, syslogHost, room);
  if ('why' in mount) {
    yield no(mount.why, mount.detail);
    return;
  }
  yield { ...asking, outcome: 'yes', why: 'ok', details: { file: path } };
  yield { unknown: `The ISO at ${shownUrl(mount.url)} is not looked into.` };
}

const tftpAddress = ({ dhcp }: World) => dhcp.settings.tftpIp ?? dhcp.address;
