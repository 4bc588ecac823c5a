import { isScript, parseAssetPath, resolveAsset, routeNames, type Shelf } from '#shared/assets/route.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import { parseAuthority, type Site } from '#shared/script/authority.ts';
import { anyScript, decideScript, type ScriptSettings } from '#shared/script/decide.ts';
import type { Script } from '#shared/script/render.ts';
import { type AreaSettings, areaOf, artifactPrefix } from '../../../http/decide/area.ts';
import { parseTarget } from '../../../http/wire/request.ts';
import { siteOf } from '../../../tftp/decide/site.ts';
import { shownUrl } from './show.ts';
import { detailsOf, type Step, type Told } from './step.ts';
import { machineIn, machinesIn, type Names, type World } from './world.ts';

/** What the machine has then; undefined when it has nothing. `elsewhere`: whatever another server gives it. */
export type Got =
  | { readonly kind: 'file' | 'elsewhere' }
  | { readonly kind: 'script'; readonly script: Script }
  | undefined;

/** What is served for a path, or why nothing is. */
type Served = Exclude<Got, undefined> | { readonly why: Reason; readonly detail?: string | undefined };

/** A step of TFTP or HTTP before it is known how it ends. */
type Asking = Pick<Step, 'stage' | 'service' | 'asks'> & { readonly file: string; readonly gets: string };

/** A file as DHCP names it: a URL, or a plain name at the next server. */
export function* fetchNamed(world: World, file: string, server: Ip4): Generator<Told, Got> {
  const url = URL.canParse(file) ? new URL(file) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') {
    const port = portOf(url);
    if (isOurs(world, url.hostname) && !world.http.ports.has(port))
      yield {
        unknown: `DHCP names port ${port}, where the http service does not listen: that something passes it on.`,
      };
    return yield* onOurs(world, url);
  }
  if (url?.protocol === 'tftp:') return yield* overTftp(world, url.hostname, url.pathname);
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
  const path = parseAssetPath(decodeURIComponent(file));
  if (!isOurs(world, host)) {
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
  if (world.http.ports.has(portOf(url))) return yield* onOurs(world, url);
  yield elsewhere(url);
  return { kind: 'elsewhere' };
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function elsewhere(url: URL): Told {
  return { unknown: `${shownUrl(url)} is on another server, which is not looked into.` };
}

/** By our HTTP service, when it is our host's. */
function* onOurs(world: World, url: URL): Generator<Told, Got> {
  const path = parseTarget(url.pathname)?.path ?? url.pathname;
  if (!isOurs(world, url.hostname)) {
    yield elsewhere(url);
    return { kind: 'elsewhere' };
  }
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

/** Not looked at by anybody: it may be there. */
const unseen = Symbol('unseen');

function servedBy(
  asset: ReturnType<typeof resolveAsset>,
  loaders: Names,
  settings: ScriptSettings,
  site: Site,
): Served | typeof unseen {
  if ('why' in asset) return asset;
  switch (asset.kind) {
    case 'loader':
      if (loaders === undefined) return unseen;
      return loaders.has(asset.name) ? { kind: 'file' } : { why: 'loader-missing', detail: asset.name };
    case 'text':
      return { kind: 'file' };
    case 'script':
      return scriptFor(asset.machine, settings, site);
    case 'file':
      return unseen;
  }
}

function scriptFor(machine: Machine | undefined, settings: ScriptSettings, site: Site): Served {
  if (machine === undefined) return { kind: 'script', script: anyScript(settings, site) };
  const decision = decideScript(machine, settings, site);
  return 'why' in decision ? decision : { kind: 'script', script: decision.script };
}

/** Of a folder a service tells its files, its folders (`hook/`), and `…` where there is more. */
function fileAmong(names: Names, name: string): Served | typeof unseen {
  const [folder, ...below] = name.split('/');
  if (names === undefined || names.has('…') || (below.length > 0 && names.has(`${folder}/`))) return unseen;
  return names.has(name) ? { kind: 'file' } : { why: 'not-found', detail: name };
}

/** @param folder the setting that names where the file would lie */
function* told(asking: Asking, served: Served | typeof unseen, folder: string): Generator<Told, Got> {
  if (served === unseen) {
    yield toStep(asking, { kind: 'file' });
    yield {
      unknown: `Whether ${asking.file} is there: the ${asking.service} service has not told what ${folder} holds.`,
    };
    return { kind: 'file' };
  }
  yield toStep(asking, served);
  return 'why' in served ? undefined : served;
}

function toStep({ gets, file, ...asking }: Asking, served: Served): Step {
  if ('why' in served) {
    const { why, detail } = served;
    const said = asking.service === 'tftp' ? 'ERROR' : gets;
    return { ...asking, outcome: 'no', said, why, details: detailsOf({ file, detail }) };
  }
  const detail = served.kind === 'script' ? served.script.kind : undefined;
  return { ...asking, outcome: 'yes', said: gets, why: 'ok', details: detailsOf({ file, detail }) };
}

/** By its address, or by the name that DHCP's settings give our services. */
function isOurs({ dhcp }: World, host: string): boolean {
  const { tftpIp, binaryHost, scriptHost } = dhcp.settings;
  const named = [tftpIp === undefined ? undefined : formatIp4(tftpIp), binaryHost, scriptHost];
  return [dhcp.address, ...dhcp.addresses].some((one) => formatIp4(one) === host) || named.includes(host);
}
