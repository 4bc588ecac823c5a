import { type Asker, identify, mayBoot, mayBootUnknown, refusesKnown } from '../boot/gate.ts';
import type { DhcpMode } from '../boot/mode.ts';
import type { Reason } from '../boot/reasons.ts';
import type { Machine, Machines } from '../hardware/machine.ts';
import type { Ip4 } from '../ip4.ts';
import { type Mac, parseMac } from '../mac.ts';

/** What a path asks for. Nobody has looked yet whether a loader or a file is there. */
export type Asset =
  | { readonly kind: 'loader'; readonly name: string }
  /** A text of the machine's record. */
  | { readonly kind: 'text'; readonly text: string }
  /** Without a machine it is for any. `autoexec`: iPXE asked for it by itself, and has no address of its own yet. */
  | { readonly kind: 'script'; readonly machine: Machine | undefined; readonly autoexec: boolean }
  /** `path`: below the asset folder. */
  | { readonly kind: 'file'; readonly path: string };

/** A path as a client asked for it, over TFTP or HTTP, taken apart. */
export interface AssetPath {
  /** Without leading slashes, doubled slashes and traceparent. */
  readonly path: string;
  /** The last element of `path`. */
  readonly base: string;
  /** The machine that the path names: `52-54-00-77-00-07/ipxe.efi`, `pxelinux.cfg/01-52-54-00-77-00-07`. */
  readonly mac: Mac | undefined;
  /** W3C trace context that DHCP appended to the boot file: `00-<trace id>-<span id>-<flags>`. */
  readonly traceparent: string | undefined;
}

/** Whom and what a service knows when it is asked. */
export interface Shelf {
  /** Names of the iPXE binaries, known or in the iPXE folder. */
  readonly loaders: ReadonlySet<string>;
  readonly machines: Machines;
  /** Whether there is an asset folder. */
  readonly hasAssets: boolean;
  /** Who may boot: in auto-proxy mode also who has no record. */
  readonly mode: DhcpMode;
  /** The routes that are open here. */
  readonly open: ReadonlySet<RouteName>;
}

interface Refused {
  readonly why: Reason;
}

interface Asked extends AssetPath, Asker {}

type Find = (asked: Asked, shelf: Shelf) => Asset | Refused | undefined;

/**
 * The one list of routes, the same for TFTP and HTTP. Order matters: the first match wins, and a route that finds nothing of its
 * own (an empty field in the record) leaves the path to the next.
 */
const routes = [
  ['loader', loader],
  ['pxelinux', pxelinux],
  ['raspberry-pi', raspberryPi],
  ['script', script],
  ['file', file],
] as const satisfies readonly (readonly [name: string, find: Find])[];

export type RouteName = (typeof routes)[number][0];

export const routeNames: readonly RouteName[] = routes.map(([name]) => name);

/**
 * Which asset a path means, or why none is given. A machine that is known and may not boot gets none by any route; what is made
 * from a record is given to nobody else. Total: any text is a path.
 *
 * @param client where the request comes from
 */
export function resolveAsset(path: AssetPath, client: Ip4 | undefined, shelf: Shelf): Asset | Refused {
  const asked: Asked = { ...path, named: path.mac, client };
  const why = refusesKnown(asked, shelf.machines);
  if (why !== undefined) return { why };
  for (const [name, find] of routes) {
    const found = shelf.open.has(name) ? find(asked, shelf) : undefined;
    if (found !== undefined) return found;
  }
  return { why: 'not-found' };
}

/** An iPXE binary in any folder: clients that know their MAC put it before the name (Smee). */
function loader({ base }: Asked, { loaders }: Shelf): Asset | undefined {
  return loaders.has(base) ? { kind: 'loader', name: base } : undefined;
}

/** `pxelinux.cfg/01-<mac>`: PXELINUX and U-Boot ask for it, the 01 being Ethernet's hardware type. */
function pxelinux({ path, mac, client }: Asked, { machines }: Shelf): Asset | Refused | undefined {
  if (mac === undefined || !/(^|\/)pxelinux\.cfg\/01-[^/]+$/.test(path)) return undefined;
  const machine = admit(identify({ named: mac, client }, machines), machines);
  return 'why' in machine ? machine : textOf(machine.netboot.pxelinuxConfig);
}

/**
 * `<serial>/…`: a Raspberry Pi puts its serial number before all names. Its source address says whose record it is: two of the
 * files are made from the record, the others lie in the firmware folder that the record names.
 */
function raspberryPi({ path, client }: Asked, { machines, hasAssets }: Shelf): Asset | Refused | undefined {
  const found = hasAssets ? identify({ named: undefined, client }, machines) : [];
  const pi = found.find(({ netboot }) => netboot.rpi && path.startsWith(`${netboot.rpi.serialNum}/`));
  const { rpi, osie } = pi?.netboot ?? {};
  if (rpi === undefined || osie === undefined) return undefined;
  const admitted = admit(found, machines);
  if ('why' in admitted) return admitted;

  const name = path.slice(rpi.serialNum.length + 1);
  const texts: Readonly<Record<string, string | undefined>> = {
    'config.txt': rpi.configTxt,
    'cmdline.txt': osie.kernelParams.join(' '),
  };
  const own = Object.hasOwn(texts, name) ? textOf(texts[name]) : undefined;
  return own ?? { kind: 'file', path: withoutSlashes(`${rpi.firmwarePath}/${name}`) };
}

/** The script that DHCP names, and the one that iPXE 2 looks for beside its own binary and in the root. */
const scripts: readonly string[] = ['auto.ipxe', 'autoexec.ipxe'];

/** `[<mac>/]auto.ipxe`: the script of the machine that the path names, else of the one at the source address. */
function script({ base, named, client }: Asked, { machines, mode }: Shelf): Asset | Refused | undefined {
  if (!scripts.includes(base)) return undefined;
  const verdict = mayBoot(identify({ named, client }, machines), machines.ready);
  if (!verdict.allowed && !mayBootUnknown(verdict, mode)) return { why: verdict.why };
  const machine = verdict.allowed ? verdict.machine : undefined;
  return { kind: 'script', machine, autoexec: base === 'autoexec.ipxe' };
}

function file({ path }: Asked, { hasAssets }: Shelf): Asset | undefined {
  return hasAssets && path !== '' ? { kind: 'file', path } : undefined;
}

/** The machine that something is made for, or why it gets nothing. */
function admit(found: readonly Machine[], machines: Machines): Machine | Refused {
  const verdict = mayBoot(found, machines.ready);
  return verdict.allowed ? verdict.machine : { why: verdict.why };
}

function textOf(text: string | undefined): Asset | undefined {
  return text === undefined || text === '' ? undefined : { kind: 'text', text };
}

/** Whether a path asks for a script. */
export function isScript({ base }: Pick<AssetPath, 'base'>): boolean {
  return scripts.includes(base);
}

const traceparentSuffix = /-(00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})$/;

/** Takes a path apart. GRUB sends a leading slash, iPXE a doubled one; both mean the same file. */
export function parseAssetPath(text: string): AssetPath {
  const traceparent = traceparentSuffix.exec(text)?.[1];
  const path = withoutSlashes(traceparent === undefined ? text : text.slice(0, -traceparent.length - 1));
  const folders = path.split('/');
  const base = folders.pop() ?? '';
  return { path, base, mac: namedBy(base) ?? macOfLast(folders), traceparent };
}

/** Boot loaders put Ethernet's hardware type before the MAC: `01-52-54-…` (PXELINUX, U-Boot), `grub.cfg-01-52-54-…` (GRUB). */
function namedBy(base: string): Mac | undefined {
  const [, mac] = /(?:^|-)01-([0-9a-f]{2}(?:-[0-9a-f]{2}){5})$/i.exec(base) ?? [];
  return mac === undefined ? undefined : parseMac(mac);
}

/** Of several, the one next to the file's name. */
function macOfLast(folders: readonly string[]): Mac | undefined {
  return parseMac(folders.findLast((folder) => parseMac(folder) !== undefined) ?? '');
}

function withoutSlashes(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/^\//, '');
}
