import type { Hardware, Hardware__Output } from '#shared/generated/smee/hardware/v1/Hardware.ts';
import type { Interface, Interface__Output } from '#shared/generated/smee/hardware/v1/Interface.ts';
import type { NewRecord, RecordFields } from '../wire/api.ts';

/** The fields that the page can change, of one interface. */
export function fieldsOf({ dhcp, netboot, disableDhcp }: Interface__Output): RecordFields {
  return {
    address: dhcp?.ip?.address ?? '',
    netmask: dhcp?.ip?.netmask ?? '',
    gateway: dhcp?.ip?.gateway ?? '',
    hostname: dhcp?.hostname ?? '',
    arch: dhcp?.arch ?? '',
    allowPxe: netboot?.allowPxe ?? false,
    disableDhcp: disableDhcp ?? false,
  };
}

/** A record for a machine that has none. */
export function createdRecord({ name, mac, fields }: NewRecord): Hardware {
  return { name, interfaces: [withFields({ dhcp: { mac } }, fields)] };
}

/**
 * The record with these fields on the interface with that MAC, and everything else as it was, what the page never saw
 * included. undefined when it has no such interface.
 */
export function editedRecord(
  record: Hardware__Output,
  mac: string,
  fields: RecordFields,
): Hardware | undefined {
  if (!record.interfaces.some(({ dhcp }) => dhcp?.mac === mac)) return undefined;
  return {
    ...record,
    interfaces: record.interfaces.map((one) => (one.dhcp?.mac === mac ? withFields(one, fields) : one)),
  };
}

function withFields(one: Interface, fields: RecordFields): Interface {
  const { address, netmask, gateway, hostname, arch, allowPxe, disableDhcp } = fields;
  return {
    ...one,
    disableDhcp,
    dhcp: { ...one.dhcp, hostname, arch, ip: { ...one.dhcp?.ip, address, netmask, gateway } },
    netboot: { ...one.netboot, allowPxe },
  };
}
