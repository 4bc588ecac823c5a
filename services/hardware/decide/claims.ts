import type { HardwareRecord } from './record.ts';

interface Claim {
  readonly key: { readonly field: 'mac' | 'ip'; readonly value: string };
  /** Where it stands: `hardware.interfaces[0].dhcp.mac`. */
  readonly path: string;
}

/** What a record wants for itself alone: its MACs and its addresses. The record is canonical. */
export function claimsOf(hardware: Pick<HardwareRecord, 'interfaces'>): readonly Claim[] {
  return hardware.interfaces.flatMap(({ dhcp }, at): readonly Claim[] => {
    const path = `hardware.interfaces[${at}].dhcp`;
    const mac = dhcp?.mac ?? '';
    const ip = dhcp?.ip?.address ?? '';
    return [
      ...(mac === '' ? [] : [{ key: { field: 'mac' as const, value: mac }, path: `${path}.mac` }]),
      ...(ip === '' ? [] : [{ key: { field: 'ip' as const, value: ip }, path: `${path}.ip.address` }]),
    ];
  });
}
