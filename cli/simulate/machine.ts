import { randomInt } from 'node:crypto';
import type { Hardware, HardwareInput } from '#shared/hardware/contract.ts';
import { type Mac, macBytes } from '#shared/mac.ts';
import type { FirmwareName } from './firmware.ts';

/** Who boots. */
export interface Identity {
  /** The record's name. */
  readonly name: string;
  readonly mac: Mac;
  /** Its address, as its record says; undefined when its record has none. */
  readonly address: string | undefined;
  readonly firmware: FirmwareName;
}

export type Network = '127.77' | '198.18';

/** Label of the records that a simulation makes, so that a person knows what they are. */
const label = { 'smee/simulated': 'true' };

/** Last bytes of an address: 1 to 254, so that no address looks like a network's or a broadcast. */
const hostsPerByte = 254;
/** How many machines can boot at once, each with an address of its own. */
export const maxMachines = 256 * hostsPerByte;

/**
 * Machines that nobody has: locally administered MACs (52:54:00, as QEMU's) with addresses to go with them.
 *
 * @param network first two bytes of the addresses: `127.77` on loopback, where every machine can then send from an address
 *   of its own; else `198.18`, which RFC 2544 sets aside for tests of network devices
 */
export function inventMachines(count: number, firmware: FirmwareName, network: Network): readonly Identity[] {
  const [run, start] = [randomInt(256), randomInt(maxMachines)];
  return Array.from({ length: count }, (_, at) => {
    const number = (start + at) % maxMachines;
    const bytes = [run, Math.floor(number / hostsPerByte), (number % hostsPerByte) + 1] as const;
    const tail = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
    return {
      name: `simulate-${tail.join('')}`,
      mac: `52:54:00:${tail.join(':')}` as Mac,
      address: `${network}.${bytes[1]}.${bytes[2]}`,
      firmware,
    };
  });
}

/** The machine of a record that is there. */
export function machineOf(record: Hardware, mac: Mac, firmware: FirmwareName): Identity {
  const one = record.interfaces.find(({ dhcp }) => dhcp?.mac === mac);
  const address = one?.dhcp?.ip?.address;
  return { name: record.name ?? '', mac, address: address === '' ? undefined : address, firmware };
}

export function recordOf({ name, mac, address = '' }: Identity): HardwareInput {
  return {
    name,
    labels: label,
    interfaces: [
      {
        dhcp: { mac, hostname: name, arch: 'x86_64', ip: { address, netmask: '255.255.0.0' } },
        netboot: { allowPxe: true, allowWorkflow: true },
      },
    ],
  };
}

/** Option 97: the same for each boot of the same machine. */
export function uuidOf(mac: Mac): readonly number[] {
  return [0x73, 0x6d, 0x65, 0x65, 0, 0, 0x40, 0, 0x80, 0, ...macBytes(mac)];
}
