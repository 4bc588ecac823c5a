import { type Architecture, architectures, raspberryPi } from '#shared/arch.ts';
import type { Mac } from '#shared/mac.ts';

/** The Raspberry Pi's OUIs. Its firmware says architecture 0 (Pi 5 too), so the address has to tell. */
const raspberryPiOuis: ReadonlySet<string> = new Set([
  'b8:27:eb',
  'dc:a6:32',
  'e4:5f:01',
  '28:cd:c1',
  'd8:3a:dd',
]);

export function isRaspberryPi(mac: Mac): boolean {
  return raspberryPiOuis.has(mac.slice(0, 8));
}

/** What a machine runs, and the loader for it; `loader` is undefined when none is known. */
export interface Platform {
  readonly code: number;
  readonly name: string;
  readonly loader: string | undefined;
}

/**
 * The first value of option 93 that has a loader, else the first at all.
 *
 * @param mapping `ipxe-override-arch-mapping`: over the default map
 */
export function platformOf(
  codes: readonly number[],
  mac: Mac,
  mapping: ReadonlyMap<number, string>,
): Platform {
  const platforms = (isRaspberryPi(mac) ? [raspberryPi] : codes).map((code) => platform(code, mapping));
  return platforms.find(({ loader }) => loader !== undefined) ?? platforms[0] ?? platform(-1, mapping);
}

function platform(code: number, mapping: ReadonlyMap<number, string>): Platform {
  const known: Architecture | undefined = architectures[code];
  return { code, name: known?.name ?? `architecture ${code}`, loader: mapping.get(code) ?? known?.loader };
}
