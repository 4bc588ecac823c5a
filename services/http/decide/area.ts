import {
  type AssetPath,
  isScript,
  parseAssetPath,
  type RouteName,
  routeNames,
} from '#shared/assets/route.ts';

/** The URL folder of the artifacts. */
export const artifactPrefix = '/artifacts/';

/** The URL folder of the iPXE binaries. */
const loaderPrefix = '/ipxe/';

/** What the settings open. */
export interface AreaSettings {
  readonly httpIpxeBinaryEnabled: boolean;
  readonly httpIpxeScriptEnabled: boolean;
  readonly pxeHttpEnabled: boolean;
  readonly pxeHttpPathPrefix: string;
}

/** A part of the URLs, in which some of the routes that HTTP shares with TFTP are open. */
export interface Area {
  readonly said: 'script' | 'loader' | 'asset';
  readonly path: AssetPath;
  readonly open: ReadonlySet<RouteName>;
}

/** In which part a path lies; undefined in none. */
export function areaOf(path: string, settings: AreaSettings): Area | undefined {
  const { pxeHttpEnabled, pxeHttpPathPrefix: prefix } = settings;
  if (pxeHttpEnabled && path.startsWith(prefix)) return everything(path.slice(prefix.length), settings);
  const asked = parseAssetPath(path);
  if (settings.httpIpxeScriptEnabled && isScript(asked)) {
    return { said: 'script', path: asked, open: new Set(['script']) };
  }
  if (settings.httpIpxeBinaryEnabled && path.startsWith(loaderPrefix)) {
    return { said: 'loader', path: asked, open: new Set(['loader']) };
  }
  return undefined;
}

/** What TFTP serves, under its prefix; but what is switched off over HTTP is off here, too. */
function everything(path: string, settings: AreaSettings): Area {
  const open = new Set(routeNames);
  if (!settings.httpIpxeScriptEnabled) open.delete('script');
  if (!settings.httpIpxeBinaryEnabled) open.delete('loader');
  const asked = parseAssetPath(path);
  return { said: open.has('script') && isScript(asked) ? 'script' : 'asset', path: asked, open };
}
