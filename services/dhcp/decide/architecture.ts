import { type Architecture, architectures, raspberryPi } from '#shared/arch.ts';
import type { Quirks } from './quirks.ts';

const ebc = 9;
const x64 = 7;

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
  quirks: Quirks,
  mapping: ReadonlyMap<number, string>,
): Platform {
  const read = (code: number) => {
    const isX64 = code === ebc && quirks.has('x64-as-ebc') && !mapping.has(ebc);
    return platform(isX64 ? x64 : code, mapping);
  };
  const platforms = (quirks.has('raspberry-pi') ? [raspberryPi] : codes).map(read);
  return platforms.find(({ loader }) => loader !== undefined) ?? platforms[0] ?? platform(-1, mapping);
}

function platform(code: number, mapping: ReadonlyMap<number, string>): Platform {
  const known: Architecture | undefined = architectures[code];
  return { code, name: known?.name ?? `architecture ${code}`, loader: mapping.get(code) ?? known?.loader };
}
