import { type Mac, parseMac } from '../mac.ts';

/** What a path asks for. Nobody has looked yet whether it is there. */
export type Asset =
  | { readonly kind: 'loader'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

/** A path as a client asked for it, over TFTP or HTTP, taken apart. */
export interface AssetPath {
  /** Without leading slashes, doubled slashes and traceparent. */
  readonly path: string;
  /** The last element of `path`. */
  readonly base: string;
  /** The machine that the path names, in one of its folders: `52-54-00-77-00-07/ipxe.efi`. */
  readonly mac: Mac | undefined;
  /** W3C trace context that DHCP appended to the boot file: `00-<trace id>-<span id>-<flags>`. */
  readonly traceparent: string | undefined;
}

type Route = (asked: AssetPath, loaders: ReadonlySet<string>) => Asset | undefined;

/** The one list of routes, the same for TFTP and HTTP. Order matters: the first match wins. */
const routes: readonly Route[] = [loader, file];

/**
 * Which asset a path means; undefined for an empty path. Total: any text is a path.
 *
 * @param loaders names of the iPXE binaries, known or in the iPXE folder
 */
export function resolveAsset(asked: AssetPath, loaders: ReadonlySet<string>): Asset | undefined {
  for (const route of routes) {
    const asset = route(asked, loaders);
    if (asset !== undefined) return asset;
  }
  return undefined;
}

/** An iPXE binary in any folder: clients that know their MAC put it before the name (Smee). */
function loader({ base }: AssetPath, loaders: ReadonlySet<string>): Asset | undefined {
  return loaders.has(base) ? { kind: 'loader', name: base } : undefined;
}

function file({ path }: AssetPath): Asset | undefined {
  return path === '' ? undefined : { kind: 'file', path };
}

const traceparentSuffix = /-(00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})$/;

/** Takes a path apart. GRUB sends a leading slash, iPXE a doubled one; both mean the same file. */
export function parseAssetPath(text: string): AssetPath {
  const traceparent = traceparentSuffix.exec(text)?.[1];
  const name = traceparent === undefined ? text : text.slice(0, -traceparent.length - 1);
  const path = name.replace(/\/{2,}/g, '/').replace(/^\//, '');
  const elements = path.split('/');
  const base = elements.pop() ?? '';
  return { path, base, mac: elements.map(parseMac).find((mac) => mac !== undefined), traceparent };
}
