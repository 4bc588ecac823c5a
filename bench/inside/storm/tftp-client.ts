import { readFileSync } from 'node:fs';
import { readU16, toBytes, toText, writeU16 } from '#shared/bytes.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { DatagramInfo, Outgoing, UdpSocket } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';
import { addressOfMachine } from '../../records.ts';
import type { Fleet, Machine } from './machine.ts';
import type { Plan } from './plan.ts';

/** An Ethernet frame holds as much. */
const blockSize = 1468;

/** The port that Intel's ROMs ask from. */
const port = 2070;

/** EDK2's PXE: silence of four seconds, six times (MdeModulePkg/NetworkPkg PXEBC_MTFTP_TIMEOUT and _RETRIES). */
const wait = 4000;
const mostTries = 6;

const [RRQ, DATA, ACK, ERROR, OACK] = [1, 3, 4, 5, 6];

/** The loader of every machine, block by block, each from its own address; every byte is compared. */
export class TftpClient {
  readonly socket: UdpSocket;
  readonly #fleet: Fleet;
  readonly #server: Ip4;
  readonly #file: Buffer;
  readonly #lastBlock: number;
  readonly #request: Uint8Array;
  readonly #ack = new Uint8Array([0, ACK, 0, 0]);

  constructor({ server, loader }: Plan, fleet: Fleet) {
    this.#fleet = fleet;
    this.#server = server;
    this.#file = readFileSync(loader.path);
    this.#lastBlock = Math.floor(this.#file.length / blockSize) + 1;
    const words = [loader.name, 'octet', 'tsize', '0', 'blksize', String(blockSize)];
    this.#request = toBytes(`\u0000${String.fromCharCode(RRQ)}${words.join('\0')}\0`);
    this.socket = openUdp({
      // Of all machines: to whom a block goes is in its packet info.
      address: 0,
      port,
      receiveBuffer: 256 * 1024 * 1024,
      handle: (packet, info) => this.#heard(packet, info),
      onError(error) {
        throw error;
      },
    });
  }

  begin(machine: Machine): void {
    machine.peer = 0;
    machine.blocks = 0;
    machine.tries = 0;
    this.socket.send(this.#say(machine));
  }

  again(machine: Machine): void {
    if (machine.tries === mostTries) this.#fleet.fail(machine);
    else {
      this.#fleet.again('tftp');
      machine.tries++;
      this.socket.send(this.#say(machine));
    }
  }

  /** The request, or what it has by now. */
  #say(machine: Machine): Outgoing {
    machine.due = this.#fleet.now() + wait;
    const to = { address: this.#server, sourceAddress: machine.address };
    if (machine.peer === 0) return { ...to, bytes: this.#request, port: 69 };
    writeU16(this.#ack, 2, machine.blocks);
    return { ...to, bytes: this.#ack, port: machine.peer };
  }

  #heard(packet: Uint8Array, { sourcePort, localAddress }: DatagramInfo): Outgoing | undefined {
    const machine = this.#fleet.machines[localAddress - addressOfMachine(0)];
    if (machine?.stage !== 'loader') return undefined;
    switch (readU16(packet, 0)) {
      case OACK:
        return this.#agreed(machine, packet, sourcePort);
      case DATA:
        return sourcePort === machine.peer ? this.#block(machine, packet) : undefined;
      case ERROR:
        return this.#fleet.wrong(machine, `TFTP says ${toText(packet.subarray(4))}`);
      default:
        return this.#fleet.wrong(machine, 'TFTP says what is no answer');
    }
  }

  #agreed(machine: Machine, packet: Uint8Array, from: number): Outgoing | undefined {
    if (machine.blocks > 0) return undefined;
    const [...words] = toText(packet.subarray(2)).toLowerCase().split('\0');
    const value = (name: string) => words[words.indexOf(name) + 1];
    if (value('blksize') !== String(blockSize) || value('tsize') !== String(this.#file.length))
      this.#fleet.wrong(machine, `TFTP agrees to ${words.join(' ')}`);
    // A second one, to a request that was sent twice, may open a second transfer; the first goes on.
    if (machine.peer !== 0 && machine.peer !== from) return undefined;
    machine.peer = from;
    machine.tries = 0;
    return this.#say(machine);
  }

  #block(machine: Machine, packet: Uint8Array): Outgoing | undefined {
    if (readU16(packet, 2) !== machine.blocks + 1) return undefined;
    const from = machine.blocks * blockSize;
    const length = Math.min(blockSize, this.#file.length - from);
    if (
      packet.length - 4 !== length ||
      this.#file.compare(packet, 4, packet.length, from, from + length) !== 0
    )
      this.#fleet.wrong(machine, `block ${machine.blocks + 1} of the loader is not what it must be`);
    machine.blocks++;
    machine.tries = 0;
    const said = this.#say(machine);
    if (machine.blocks === this.#lastBlock) this.#fleet.next(machine);
    return said;
  }
}
