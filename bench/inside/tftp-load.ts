/**
 * Run inside a namespace: so many machines that each fetch one file over TFTP, all at once, as firmware does: `tsize`, `blksize`,
 * and `windowsize` when it is not 1. Every byte of every block is compared with the file. Prints one line of JSON.
 *
 *     tftp-load.ts <server> <first own address> <file name> <the same file, here> <machines> <blksize> <windowsize>
 *
 * Each machine has an address of its own, counted up from the first, and waits two seconds before it asks again.
 */
import { readFileSync, writeSync } from 'node:fs';
import { readU16, toBytes, toText, writeU16 } from '#shared/bytes.ts';
import { parseIp4 } from '#shared/ip4.ts';
import type { DatagramInfo, Outgoing, UdpSocket } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';

const [serverText = '', firstText = '', name = '', path = '', ...numbers] = process.argv.slice(2);
const [machines = 0, blockSize = 0, windowSize = 0] = numbers.map(Number);
const server = parseIp4(serverText) ?? 0;
const first = parseIp4(firstText) ?? 0;
const file = readFileSync(path);
const lastBlock = Math.floor(file.length / blockSize) + 1;

/** Milliseconds: of silence before a machine asks again, and until the whole has failed. */
const patience = 2000;
const longest = 60_000;

const [OACK, DATA, ACK] = [6, 3, 4];

const asked = ['octet', 'tsize', '0', 'blksize', String(blockSize)];
if (windowSize > 1) asked.push('windowsize', String(windowSize));
const request = toBytes(`\u0000\u0001${[name, ...asked].join('\0')}\0`);

interface Machine {
  readonly socket: UdpSocket;
  /** Blocks per ACK, as the server has agreed. */
  window: number;
  /** The highest block that it has, with all before it. */
  has: number;
  peer: number;
  heard: number;
  done: boolean;
}

const counted = { done: 0, wrong: 0, again: 0, errors: 0 };
const all: Machine[] = [];
const ack = new Uint8Array([0, ACK, 0, 0]);
const started = performance.now();
let now = started;

function acknowledge(machine: Machine): Outgoing {
  writeU16(ack, 2, machine.has % 0x1_0000);
  return { bytes: ack, address: server, port: machine.peer };
}

function heard(machine: Machine, packet: Uint8Array, { sourcePort }: DatagramInfo): Outgoing | undefined {
  const op = readU16(packet, 0);
  if (machine.done) return undefined;
  machine.heard = now;
  if (op === OACK) {
    machine.peer = sourcePort;
    machine.window = Number(/\0windowsize\0(\d+)/.exec(toText(packet))?.[1] ?? 1);
    return machine.has === 0 ? acknowledge(machine) : undefined;
  }
  if (op !== DATA) {
    counted.errors++;
    finish(machine);
    return undefined;
  }
  const block = readU16(packet, 2);
  if (block !== (machine.has + 1) % 0x1_0000) return undefined;
  const from = machine.has * blockSize;
  const wanted = Math.min(blockSize, file.length - from);
  if (packet.length - 4 !== wanted || file.compare(packet, 4, packet.length, from, from + wanted) !== 0)
    counted.wrong++;
  machine.has++;
  if (machine.has === lastBlock) {
    counted.done++;
    const last = acknowledge(machine);
    machine.socket.send(last);
    finish(machine);
    return undefined;
  }
  return machine.has % machine.window === 0 ? acknowledge(machine) : undefined;
}

function finish(machine: Machine): void {
  machine.done = true;
  left--;
  // The last ACK leaves first.
  if (left === 0) setImmediate(end);
}

let left = machines;
for (let number = 0; number < machines; number++) {
  const socket = openUdp({
    address: first + number,
    port: 0,
    batch: Math.max(4, windowSize),
    receiveBuffer: 256 * 1024,
    handle: (packet, info) => heard(machine, packet, info),
    onError(error) {
      writeSync(2, `${error.message}\n`);
      process.exit(1);
    },
  });
  const machine: Machine = { socket, window: 1, has: 0, peer: 69, heard: started, done: false };
  all.push(machine);
}
const begun = performance.now();
const cpuBefore = process.cpuUsage();
for (const { socket } of all) socket.send({ bytes: request, address: server, port: 69 });

const clock = setInterval(() => {
  now = performance.now();
  for (const machine of all) {
    if (machine.done || now - machine.heard < patience) continue;
    machine.heard = now;
    counted.again++;
    machine.socket.send(
      machine.peer === 69
        ? { bytes: request, address: server, port: 69 }
        : { ...acknowledge(machine), bytes: acknowledge(machine).bytes.slice() },
    );
  }
  if (now - begun > longest) end();
}, 20);

function end(): void {
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(clock);
  writeSync(1, `${JSON.stringify({ ...counted, left, seconds, cpu: (user + system) / 1e6 })}\n`);
  process.exit();
}
