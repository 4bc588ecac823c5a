import { isScript, parseAssetPath, resolveAsset, routeNames, type Shelf } from '#shared/assets/route.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import { parseAuthority, type Site } from '#shared/script/authority.ts';
import { decideScript } from '#shared/script/decide.ts';
import { type AreaSettings, areaOf, artifactPrefix } from '../../../http/decide/area.ts';
import { parseTarget } from '../../../http/wire/request.ts';
import { siteOf } from '../../../tftp/decide/site.ts';
import { type Asking, fileAmong, type Got, servedBy, told, toStep } from './serve.ts';
import { shownUrl } from './show.ts';
import type { Told } from './step.ts';
import { machineIn, machinesIn, type World } from './world.ts';

/** A file as DHCP names it: a URL, or a plain name at the next server. */
export function* fetchNamed(world: World, file: string, server: Ip4): Generator<Told, Got> {
  const url = URL.canParse(file) ? new URL(file) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') {
    if (!(yield* isOurs(world, url.hostname))) return yield* elsewhere(url);
    const port = portOf(url);
    if (!world.http.ports.has(port))
      yield { unknown: `DHCP names port ${port}: whether something there passes it on to the http service.` };
    return yield* onOurs(world, url);
  }
  if (url?.protocol === 'tftp:') return yield* overTftp(world, url.hostname, decoded(url.pathname));
  if (file !== machineIn(world)?.netboot.scriptUrl) return yield* overTftp(world, formatIp4(server), file);
  yield* ownScriptUrl(world);
  return undefined;
}

/** DHCP sends a record's `ipxe.url` as it is; what the script service would say to it tells whether it is one. */
function* ownScriptUrl(world: World): Generator<Told> {
  const machine = machineIn(world);
  const site: Site = { scheme: 'http', host: '127.0.0.1', text: '127.0.0.1' };
  const decision = machine && decideScript(machine, world.http.settings, site);
  const asks = "the script of the record's ipxe.url";
  if (decision !== undefined && 'why' in decision) {
    yield toStep({ stage: 'http', service: 'http', asks, file: 'ipxe.url', gets: 'script' }, decision);
  }
}

function* overTftp(world: World, host: string, file: string): Generator<Told, Got> {
  const path = parseAssetPath(file);
  if (!(yield* isOurs(world, host))) {
    yield { unknown: `${path.path} comes from ${host} over TFTP, which is not looked into.` };
    return { kind: 'elsewhere' };
  }
  const { settings, knownLoaders, loaders, hasAssets } = world.tftp;
  const asking: Asking = {
    ...{ stage: 'tftp', service: 'tftp', asks: `${path.path} over TFTP`, file: path.path, gets: 'DATA' },
  };
  if (!settings.tftpEnabled) {
    yield { ...toStep(asking, { why: 'service-off', detail: 'tftp-enabled' }), said: 'silent' };
    return undefined;
  }
  const machines = machinesIn(world);
  const client = machineIn(world)?.dhcp.address;
  if (settings.tftpKnownClientsOnly && (client === undefined || machines.byIp(client).length === 0)) {
    const no = toStep(asking, { why: 'unknown-machine', detail: 'tftp-known-clients-only' });
    yield { ...no, said: 'silent' };
    return undefined;
  }
  const mode = settings.dhcpMode;
  const shelf: Shelf = { loaders: knownLoaders, machines, hasAssets, mode, open: new Set(routeNames) };
  const asset = resolveAsset(path, client, shelf);
  const served = servedBy(asset, loaders, settings, siteOf(settings, world.dhcp.address));
  return yield* told(asking, served, 'tftp-asset-dir');
}

/** A URL in a script: another port of our host is another server. */
export function* overHttp(world: World, url: URL): Generator<Told, Got> {
  const isHere = world.http.ports.has(portOf(url)) && (yield* isOurs(world, url.hostname));
  return isHere ? yield* onOurs(world, url) : yield* elsewhere(url);
}

/** As iPXE asks for it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function* elsewhere(url: URL): Generator<Told, Got> {
  yield { unknown: `${shownUrl(url)} is on another server, which is not looked into.` };
  return { kind: 'elsewhere' };
}

/** What our HTTP service answers. */
function* onOurs(world: World, url: URL): Generator<Told, Got> {
  const path = parseTarget(url.pathname)?.path ?? url.pathname;
  const asking: Asking = { stage: 'http', service: 'http', asks: `GET ${path}`, file: path, gets: 'asset' };
  if (path.startsWith(artifactPrefix)) {
    const name = path.slice(artifactPrefix.length);
    return yield* told(
      { ...asking, gets: 'artifact' },
      fileAmong(world.http.artifacts, name),
      'artifact-dir',
    );
  }
  const { settings, knownLoaders, loaders, hasAssets } = world.http;
  const area = areaOf(path, settings);
  const off = area?.said === 'asset' ? undefined : switchedOff(path, settings);
  if (area === undefined || off !== undefined) {
    const detail = off === undefined ? undefined : `${off} is off`;
    yield toStep({ ...asking, gets: area?.said ?? 'other' }, { why: 'not-found', detail });
    return undefined;
  }
  const shelf: Shelf = {
    loaders: knownLoaders,
    machines: machinesIn(world),
    hasAssets,
    mode: settings.dhcpMode,
    open: area.open,
  };
  const asset = resolveAsset(area.path, machineIn(world)?.dhcp.address, shelf);
  const authority = parseAuthority(url.host) ?? { host: url.hostname, text: url.host };
  const site: Site = { ...authority, scheme: url.protocol === 'https:' ? 'https' : 'http' };
  const served = servedBy(asset, loaders, settings, site);
  return yield* told({ ...asking, gets: area.said }, served, 'tftp-asset-dir');
}

/** The flag without which a path of ours is none. */
function switchedOff(path: string, settings: AreaSettings): string | undefined {
  if (isScript(parseAssetPath(path)))
    return settings.httpIpxeScriptEnabled ? undefined : 'http-ipxe-script-enabled';
  const isLoader = areaOf(path, { ...settings, httpIpxeBinaryEnabled: true })?.said === 'loader';
  return isLoader && !settings.httpIpxeBinaryEnabled ? 'http-ipxe-binary-enabled' : undefined;
}

/** By its address; or by the name that DHCP's settings give our services, which is taken at its word. */
function* isOurs({ dhcp }: World, host: string): Generator<Told, boolean> {
  if ([dhcp.address, ...dhcp.addresses].some((one) => formatIp4(one) === host)) return true;
  const { tftpIp, binaryHost, scriptHost } = dhcp.settings;
  const named = [tftpIp === undefined ? undefined : formatIp4(tftpIp), binaryHost, scriptHost].includes(host);
  if (named) yield { unknown: `${host} is taken for our own service, because the dhcp service names it.` };
  return named;
}
