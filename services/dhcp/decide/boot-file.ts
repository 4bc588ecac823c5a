import { formatIp4, type Ip4, parseIp4 } from '#shared/ip4.ts';
import { formatMac, type Mac } from '#shared/mac.ts';
import type { Request } from '../wire/request.ts';
import type { NetbootClient } from './client.ts';
import type { Here } from './settings.ts';

/** File names that say no on the machine's own screen; nobody serves them. */
export const notAllowedFile = '/netboot-not-allowed';
export const noScriptFile = '/no-ipxe-script-defined';
export const loaderMissingFile = '/loader-missing';

/** Tinkerbell's own build of iPXE: it needs nothing more, and gets the script. */
const tinkerbellClass = 'Tinkerbell';
const ipxeClass = 'iPXE';

/** What kind of file a client gets next: the script, or a loader in one of three forms. */
export type Stage = 'script' | 'loader-by-http' | 'loader-by-tftp-url' | 'loader-by-name';

/**
 * Smee chains every stock iPXE to its own build; since a stock build says the same user class, it would loop for ever. So an
 * iPXE that can fetch the script over HTTP gets the script, unless `ipxe-chain` says otherwise.
 */
export function stageOf(request: Request, client: NetbootClient, { settings }: Here): Stage {
  const classes = request.userClasses;
  if (classes.includes(tinkerbellClass)) return 'script';
  if (settings.userClass !== undefined && classes.includes(settings.userClass)) return 'script';
  const isIpxe = classes.includes(ipxeClass);
  if (isIpxe && settings.chain === 'never') return 'script';
  if (isIpxe && settings.chain === 'auto' && request.ipxe?.http === true) return 'script';
  if (client.kind === 'HTTPClient') return 'loader-by-http';
  return isIpxe ? 'loader-by-tftp-url' : 'loader-by-name';
}

/** The loader as the client is to ask for it. */
export function loaderFile(stage: Exclude<Stage, 'script'>, loader: string, mac: Mac, here: Here): string {
  const { settings } = here;
  const named = formatMac(mac, settings.binaryMacFormat);
  const path = named === '' ? loader : `${named}/${loader}`;
  switch (stage) {
    case 'loader-by-name':
      return loader;
    case 'loader-by-tftp-url':
      return `tftp://${formatIp4(settings.tftpIp ?? here.address)}:${settings.tftpPort}/${path}`;
    case 'loader-by-http': {
      const { binaryScheme, binaryHost, binaryPort, binaryPath } = settings;
      const host = binaryHost ?? formatIp4(here.address);
      return `${binaryScheme}://${host}:${binaryPort}${slashed(binaryPath)}${path}`;
    }
  }
}

/** The URL of the script that we serve for all; undefined when there is none. */
export function scriptUrl(mac: Mac, here: Here): string | undefined {
  const { settings } = here;
  const base = settings.scriptUrl?.href ?? scriptBase(here);
  return base !== undefined && settings.scriptPrependMac ? prependMac(base, mac) : base;
}

/** Only our own script service can be switched off; a named host is somebody's who serves scripts. */
function scriptBase({ settings, address }: Here): string | undefined {
  const { scriptScheme, scriptHost, scriptPort, scriptPath, scriptEnabled } = settings;
  if (scriptHost === undefined && !scriptEnabled) return undefined;
  const host = scriptHost ?? formatIp4(address);
  const isUsual = scriptPort === (scriptScheme === 'https' ? 443 : 80);
  const path = scriptPath.startsWith('/') ? scriptPath : `/${scriptPath}`;
  return `${scriptScheme}://${host}${isUsual ? '' : `:${scriptPort}`}${path}`;
}

/** `http://host/a/auto.ipxe?x` → `http://host/a/<mac>/auto.ipxe?x` */
function prependMac(url: string, mac: string): string {
  const pathEnd = url.search(/[?#]/);
  const path = pathEnd === -1 ? url : url.slice(0, pathEnd);
  const at = path.lastIndexOf('/') + 1;
  return `${url.slice(0, at)}${mac}/${url.slice(at)}`;
}

/** siaddr: where the client goes for a file that is a plain name, and what some firmware wants to see in any case. */
export function nextServer(client: NetbootClient, here: Here): Ip4 {
  const { binaryHost, tftpIp } = here.settings;
  if (client.kind === 'PXEClient') return tftpIp ?? here.address;
  return (binaryHost === undefined ? undefined : parseIp4(binaryHost)) ?? here.address;
}

function slashed(path: string): string {
  return `${path.startsWith('/') ? '' : '/'}${path}${path.endsWith('/') ? '' : '/'}`;
}
