import { toBytes } from '#shared/bytes.ts';
import { ipxeOptions, type OptionValues, pxeOptions, type SubOption } from '../wire/codes.ts';
import type { Quirks } from './quirks.ts';

/** Bit 3 of PXE_DISCOVERY_CONTROL: no discovery, just boot the file that is named (PXE 2.1, table 2-1). */
const bootTheFile = Uint8Array.of(8);

/** Version, trace id (16), span id (8) and flags, all zero: there is no trace. Smee sends it always in reservation mode. */
const noTrace = new Uint8Array(26);

/** What the Raspberry Pi's ROM looks for, byte for byte: without it, it ignores the offer. */
const piMenu: readonly SubOption[] = [
  { code: pxeOptions.bootMenu, bytes: Uint8Array.of(0, 0, 17, ...toBytes('Raspberry Pi Boot')) },
  { code: pxeOptions.menuPrompt, bytes: Uint8Array.of(0, ...toBytes('PXE')) },
];

/** Option 43 of a reply that names a boot file. */
export function vendorOptions(quirks: Quirks): OptionValues {
  return {
    vendorOptions: [
      { code: pxeOptions.discoveryControl, bytes: bootTheFile },
      ...(quirks.has('raspberry-pi') ? piMenu : []),
    ],
  };
}

/** The same in reservation mode, where the exchange's trace goes with it. */
export function tracedVendorOptions(quirks: Quirks): OptionValues {
  const { vendorOptions: options = [] } = vendorOptions(quirks);
  return { vendorOptions: [...options, { code: pxeOptions.traceparent, bytes: noTrace }] };
}

/**
 * Option 175 "no-pxedhcp": iPXE need not wait 3 s for a proxyDHCP offer. To be said only where the boot file is ours, since
 * iPXE then ignores every proxy.
 */
export const noProxyToWaitFor: OptionValues = {
  ipxe: [{ code: ipxeOptions.noPxeDhcp, bytes: Uint8Array.of(1) }],
};
