import { type Converted, toMachines } from '#shared/hardware/convert.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { formatIp4, parseIp4 } from '#shared/ip4.ts';
import { type Mac, parseMac } from '#shared/mac.ts';
import type { Report } from '../decide/file-plan.ts';
import { decodeHardware } from '../store/codec.ts';
import { describeReport } from '../store/file/tell.ts';
import type { Key, Store } from '../store/store.ts';
import { archOfRecord } from './decide/platform.ts';
import type { LeftOut } from './decide/world.ts';

/** The machine that is asked about, and what the records say of it. */
export interface Subject {
  readonly mac: Mac;
  /** Its record, and those with the same address. */
  readonly machines: readonly Machine[];
  readonly leftOut: LeftOut | undefined;
  /** Option 93 as the record has it. */
  readonly arch: number | undefined;
  /** What else there is to say about its record. */
  readonly remarks: readonly string[];
}

/**
 * Whom a text means: a MAC in any usual form, an address, or a record's name. Undefined when no record and nobody that was heard of
 * goes by that; a MAC alone is always somebody.
 *
 * @param heard the MACs of those who were heard of under that text
 */
export function subjectOf(store: Store, text: string, heard: readonly string[]): Subject | undefined {
  const named = parseMac(text);
  const key: Key =
    named !== undefined
      ? { field: 'mac', value: named }
      : { field: parseIp4(text) === undefined ? 'name' : 'ip', value: text };
  const [found] = store.find(key).map(({ bytes }) => decodeHardware(bytes));
  // Asked by name, a record that is not served is not the one that has its MAC instead.
  const refused = found === undefined ? refusedBy(store.reports, text, named) : undefined;
  const converted: Converted = found === undefined ? { machines: [], problems: [] } : toMachines(found);
  const own =
    converted.machines.find(({ dhcp }) => dhcp.mac === named || isAt(dhcp.address, text)) ??
    converted.machines[0];
  const mac = named ?? own?.dhcp.mac ?? parseMac(refused?.mac ?? heard[0] ?? '');
  if (mac === undefined) return undefined;
  const dhcp = found?.interfaces.find((one) => parseMac(one.dhcp?.mac ?? '') === mac)?.dhcp;
  return {
    mac,
    machines: own === undefined ? served(store, mac, refused) : [own, ...neighbours(store, own)],
    leftOut: refused && { name: refused.name ?? mac, what: describeReport(refused) },
    arch: archOfRecord(dhcp?.arch, dhcp?.uefi),
    remarks: [
      ...otherInterfaces(text, own, converted),
      ...(found === undefined || own === undefined ? [] : remarksAbout(store.reports, own)),
    ],
  };
}

/** By what was heard of a machine one may come to its record, too. */
function served(store: Store, mac: Mac, refused: Report | undefined): readonly Machine[] {
  if (refused !== undefined) return [];
  const [found] = store.find({ field: 'mac', value: mac });
  return found === undefined
    ? []
    : toMachines(decodeHardware(found.bytes)).machines.filter(({ dhcp }) => dhcp.mac === mac);
}

/** The machines of other records that have its address. */
function neighbours(store: Store, { name, dhcp }: Machine): readonly Machine[] {
  if (dhcp.address === undefined) return [];
  return store
    .find({ field: 'ip', value: formatIp4(dhcp.address) })
    .filter((one) => one.name !== name)
    .flatMap(({ bytes }) => toMachines(decodeHardware(bytes)).machines)
    .filter((one) => one.dhcp.address === dhcp.address);
}

function isAt(address: number | undefined, text: string): boolean {
  return address !== undefined && formatIp4(address) === text;
}

/** Why the files' record that is meant is not served. */
function refusedBy(reports: readonly Report[], text: string, mac: Mac | undefined): Report | undefined {
  return reports
    .filter(({ effect }) => effect === 'left-out')
    .find((one) => one.name === text || (mac !== undefined && one.mac === mac));
}

/** What the files say beside what is served: about this machine, or of what it has. */
function remarksAbout(reports: readonly Report[], { name, dhcp }: Machine): readonly string[] {
  const address = dhcp.address === undefined ? [] : [`ip ${formatIp4(dhcp.address)}`];
  const has = [`mac ${dhcp.mac}`, ...address];
  return reports
    .filter((one) => one.mac === dhcp.mac || one.name === name || has.includes(one.claim ?? ''))
    .map((one) => `About ${one.name ?? one.mac ?? 'the files'}: ${describeReport(one)}.`);
}

function otherInterfaces(text: string, own: Machine | undefined, { machines }: Converted): readonly string[] {
  const others = machines.filter((one) => one !== own).map(({ dhcp }) => dhcp.mac);
  if (own === undefined || others.length === 0 || text !== own.name) return [];
  return [`The record ${own.name} has other interfaces, too: ${others.join(', ')}; ask by MAC.`];
}
