import { HardwareService } from '#shared/hardware/contract.ts';
import { toMachines } from '#shared/hardware/convert.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { MachineIndex } from '#shared/hardware/machine-index.ts';
import { readBatch } from '#shared/hardware/wire/batch.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import { macOf } from '#shared/mac.ts';
import { ipxeOptions, messageTypes, type OptionValues } from './wire/codes.ts';
import { encodeRequest } from './wire/encode.ts';

const { responseSerialize } = HardwareService.service.WatchHardware;

/** Bytes of UDP payload: a request of ours fits. */
const limit = 1472;

/**
 * Every other machine is in a network with small numbers, and the others in one of large ones: V8 keeps those that fit into 31 bits
 * in another way, and what it has compiled for one sort it throws away at the first of the other.
 */
const networks = [
  { relay: 0x0a00_0001, first: 0x0a00_1000 },
  { relay: 0xc612_0001, first: 0xc612_1000 },
] as const;

const networkOf = (machine: number) => networks[machine % 2 === 0 ? 0 : 1];
const addressOf = (machine: number): Ip4 => networkOf(machine).first + machine;

/** No vendor's: locally administered. */
const macBytes = (machine: number) => Uint8Array.of(0x02, 0, 0, 0, machine >> 8, machine & 0xff);

/** The records of machines that there are not, read from bytes as those of the hardware service are: of objects that are made in another way V8 knows nothing. */
export function playedMachines(count: number): Machines {
  const index = new MachineIndex();
  const events = Array.from({ length: count }, (_, machine) => ({
    type: 'ADDED' as const,
    revision: machine + 1,
    hardware: recordOf(machine),
  }));
  for (const { hardware } of readBatch(responseSerialize({ storeId: '', events })).events) {
    if (hardware?.name === undefined) continue;
    index.put({ name: hardware.name, machines: toMachines(hardware).machines });
  }
  return {
    ready: true,
    version: index.version,
    byMac: (mac) => index.byMac(mac),
    byIp: (address) => index.byIp(address),
  };
}

function recordOf(machine: number) {
  const name = `warm-up-${machine}`;
  const gateway = formatIp4(networkOf(machine).relay);
  const ip = { address: formatIp4(addressOf(machine)), netmask: '255.254.0.0', gateway };
  const mac = macOf(macBytes(machine));
  const dhcp = { mac, hostname: name, arch: 'x86_64', ip, nameServers: [gateway] };
  return { name, interfaces: [{ dhcp, netboot: { allowPxe: true } }] };
}

/** What such a machine says to a server when it boots, through a relay: its ROM's DISCOVER and REQUEST, then iPXE's. */
export function playedBoot(machine: number, server: Ip4): readonly Uint8Array[] {
  const chaddr = macBytes(machine);
  const rom: OptionValues = {
    vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    clientArch: [0],
    clientUuid: Uint8Array.of(0, ...Array<number>(10).fill(0), ...chaddr),
    maxMessageSize: limit,
  };
  const http = { code: ipxeOptions.http, bytes: Uint8Array.of(1) };
  const clientId = Uint8Array.of(1, ...chaddr);
  const ipxe: OptionValues = { ...rom, userClass: ['iPXE'], ipxe: [http], clientId };
  const header = { chaddr, xid: 0xffff_0000 + machine, hops: 1, giaddr: networkOf(machine).relay };
  const packet = (options: OptionValues) => encodeRequest(header, options, limit);
  const asked = { requestedAddress: addressOf(machine), serverId: server };
  return [rom, ipxe].flatMap((options) => [
    packet({ ...options, messageType: messageTypes.DISCOVER }),
    packet({ ...options, messageType: messageTypes.REQUEST, ...asked }),
  ]);
}
