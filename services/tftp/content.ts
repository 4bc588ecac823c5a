import type { Loaders } from '#shared/assets/ipxe.ts';
import { openBelow } from '#shared/assets/open.ts';
import { type AssetPath, resolveAsset, routeNames } from '#shared/assets/route.ts';
import type { DhcpMode } from '#shared/boot/mode.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import { toBytes } from '#shared/bytes.ts';
import type { Machine, Machines } from '#shared/hardware/machine.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { Site } from '#shared/script/authority.ts';
import { anyScript, decideScript, type ScriptSettings } from '#shared/script/decide.ts';
import { renderScript } from '#shared/script/render.ts';
import type { Mode } from './decide/mode.ts';
import { type SiteSettings, siteOf } from './decide/site.ts';
import type { FileCache } from './file-cache.ts';
import { fileSource, memorySource, type Source } from './source.ts';
import { toNetascii } from './wire/netascii.ts';

/** Where the bytes come from. */
export interface Shelves {
  readonly loaders: Loaders;
  readonly assetDir: string | undefined;
  readonly cache: FileCache;
  readonly machines: Machines;
  readonly settings: ScriptSettings & SiteSettings & { readonly dhcpMode: DhcpMode };
}

/** What is asked for, how, by whom, and at which of our addresses. */
interface Wish {
  readonly path: AssetPath;
  readonly mode: Mode;
  readonly origin: { readonly address: Ip4; readonly localAddress: Ip4 };
}

interface Refusal {
  readonly why: Reason;
  /** For the log: the field of the record that is wrong. Never a value. */
  readonly detail?: string;
}

/** A file in mode netascii is translated as a whole, in memory: text files are small. Bytes. */
const largestText = 1024 * 1024;

/** Every route is open over TFTP. */
const open = new Set(routeNames);

/** What is sent for a path, or why nothing is. The caller closes the source. */
export async function findContent(wish: Wish, shelves: Shelves): Promise<Source | Refusal> {
  const source = await find(wish, shelves);
  return 'why' in source || wish.mode === 'octet' ? source : await translated(source);
}

async function find({ path, origin }: Wish, shelves: Shelves): Promise<Source | Refusal> {
  const { loaders, assetDir, cache, machines, settings } = shelves;
  const shelf = {
    loaders: await loaders.names(),
    machines,
    hasAssets: assetDir !== undefined,
    open,
    mode: settings.dhcpMode,
  };
  const asset = resolveAsset(path, origin.address, shelf);
  if ('why' in asset) return asset;
  switch (asset.kind) {
    case 'loader': {
      const loader = await loaders.read(asset.name);
      return 'why' in loader ? loader : memorySource(loader.bytes);
    }
    case 'text':
      return memorySource(toBytes(asset.text));
    case 'script':
      return script(asset.machine, asset.autoexec, settings, siteOf(settings, origin.localAddress));
    case 'file': {
      if (assetDir === undefined) return { why: 'not-found' };
      const file = await openBelow(assetDir, asset.path);
      return 'why' in file ? file : ((await cache.take(file)) ?? fileSource(file));
    }
  }
}

function script(
  machine: Machine | undefined,
  autoexec: boolean,
  settings: ScriptSettings,
  here: Site,
): Source | Refusal {
  if (machine === undefined) return memorySource(toBytes(renderScript(anyScript(settings, here), autoexec)));
  const decision = decideScript(machine, settings, here);
  return 'why' in decision ? decision : memorySource(toBytes(renderScript(decision.script, autoexec)));
}

async function translated(source: Source): Promise<Source | Refusal> {
  try {
    if (source.size > largestText) return { why: 'too-big-for-netascii' };
    const bytes = await source.read(0, source.size);
    return 'why' in bytes ? bytes : memorySource(toNetascii(bytes));
  } finally {
    await source.close();
  }
}
