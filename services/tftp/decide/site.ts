import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import type { Site } from '#shared/script/authority.ts';

/** What the settings say about our HTTP service. */
export interface SiteSettings {
  readonly scriptScheme: 'http' | 'https';
  readonly scriptHost: string | undefined;
  readonly scriptPort: number;
}

/** iPXE's name for the server that DHCP named (siaddr), once it has an address. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is iPXE that expands it.
export const nextServer = '${next-server}';

/**
 * Where our HTTP service is, for a script that goes over TFTP.
 * @param asked the address of ours that the machine sent its request to
 */
export function siteOf({ scriptScheme, scriptHost, scriptPort }: SiteSettings, asked: Ip4): Site {
  const host = scriptHost ?? formatIp4(asked);
  const usual = scriptPort === (scriptScheme === 'https' ? 443 : 80);
  return { scheme: scriptScheme, host, text: usual ? host : `${host}:${scriptPort}` };
}
