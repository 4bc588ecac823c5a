/**
 * Run inside a namespace: so many machines that each fetch one file over TFTP, all at once, as firmware does: `tsize`, `blksize`,
 * and `windowsize` when it is not 1. Every byte of every block is compared with the file. Prints one line of JSON.
 *
 *     tftp-load.ts <server:port> <first own address> <file name> <the same file, here> <machines> <blksize> <windowsize> [awake|asleep] [fetches]
 *
 * Each machine has an address of its own, counted up from the first, and waits two seconds before it asks again. They share one
 * socket: what a machine costs is a datagram in a batch, and no system call of its own. `awake`: they wait as firmware does, which
 * asks its network card again and again; else they sleep until something comes. `fetches`: so many in all, when each machine shall come
 * again and again; `p50` and `longest` are seconds that one took, from its first request to its last block.
 */
import { readFileSync, writeSync } from 'node:fs';
import { readU16, toBytes, toText, writeU16 } from '#shared/bytes.ts';
import { anyAddress, type Ip4, parseIp4 } from '#shared/ip4.ts';
import type { DatagramInfo, Outgoing } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';

const [serverText = '', firstText = '', name = '', path = '', ...numbers] = process.argv.slice(2);
const awake = numbers[3] === 'awake';
const [machines = 0, blockSize = 0, windowSize = 0, , fetches = machines] = numbers.map(Number);
const [serverHost = '', serverPort = ''] = serverText.split(':');
const server = parseIp4(serverHost) ?? anyAddress;
const port = Number(serverPort);
const first = parseIp4(firstText) ?? anyAddress;
const file = readFileSync(path);
const lastBlock = Math.floor(file.length / blockSize) + 1;

/** Milliseconds: of silence before a machine asks again, and until the whole has failed. */
const patience = 2000;
const longest = 60_000;

const [OACK, DATA, ACK] = [6, 3, 4];
const blockNumbers = 0x1_0000;

const asked = ['octet', 'tsize', '0', 'blksize', String(blockSize)];
if (windowSize > 1) asked.push('windowsize', String(windowSize));
const request = toBytes(`\u0000\u0001${[name, ...asked].join('\0')}\0`);

class Machine {
  readonly address: Ip4;
  /** The port that the server answers from. */
  port = port;
  /** Blocks per ACK, as the server has agreed. */
  window = 1;
  /** The highest block that it has, with all before it. */
  has = 0;
  /** Blocks since its last ACK. */
  since = 0;
  /** What it had when it last said that a block is missing: it says so once (RFC 7440 §4). */
  missed = -1;
  answered = false;
  done = false;
  heard = 0;
  begun = 0;

  constructor(address: Ip4) {
    this.address = address;
  }
}

const counted = { done: 0, wrong: 0, again: 0, errors: 0, window: 0 };
const all = Array.from({ length: machines }, (_, number) => new Machine(first + number));
let left = fetches;
/** Fetches that are not begun yet. */
let waiting = fetches;
const took: number[] = [];
let now = performance.now();

const ack = new Uint8Array([0, ACK, 0, 0]);

function acknowledge(machine: Machine): Outgoing {
  machine.since = 0;
  writeU16(ack, 2, machine.has % blockNumbers);
  return { bytes: ack, address: server, port: machine.port, sourceAddress: machine.address };
}

function ask({ address }: Machine): Outgoing {
  return { bytes: request, address: server, port, sourceAddress: address };
}

function hear(packet: Uint8Array, { sourcePort, localAddress }: DatagramInfo): Outgoing | undefined {
  const machine = all[localAddress - first];
  if (machine === undefined || machine.done) return undefined;
  machine.heard = now;
  switch (readU16(packet, 0)) {
    case OACK:
      return agree(machine, packet, sourcePort);
    case DATA:
      return take(machine, packet);
    default:
      counted.errors++;
      finish(machine);
      return undefined;
  }
}

function agree(machine: Machine, packet: Uint8Array, port: number): Outgoing | undefined {
  if (machine.has > 0) return undefined;
  machine.port = port;
  machine.answered = true;
  machine.window = Number(/\0windowsize\0(\d+)/.exec(toText(packet))?.[1] ?? 1);
  counted.window = machine.window;
  return acknowledge(machine);
}

function take(machine: Machine, packet: Uint8Array): Outgoing | undefined {
  const ahead = (readU16(packet, 2) - machine.has + blockNumbers) % blockNumbers;
  if (ahead !== 1) return ahead > 1 && ahead <= machine.window ? miss(machine) : undefined;
  const from = machine.has * blockSize;
  const to = Math.min(from + blockSize, file.length);
  if (packet.length - 4 !== to - from || file.compare(packet, 4, packet.length, from, to) !== 0)
    counted.wrong++;
  machine.has++;
  machine.since++;
  if (machine.has === lastBlock) {
    counted.done++;
    finish(machine);
    return acknowledge(machine);
  }
  return machine.since === machine.window ? acknowledge(machine) : undefined;
}

function miss(machine: Machine): Outgoing | undefined {
  if (machine.missed === machine.has) return undefined;
  machine.missed = machine.has;
  counted.again++;
  return acknowledge(machine);
}

function begin(machine: Machine): void {
  if (waiting === 0) return;
  waiting--;
  machine.port = port;
  machine.window = 1;
  machine.has = 0;
  machine.since = 0;
  machine.missed = -1;
  machine.answered = false;
  machine.done = false;
  machine.begun = performance.now();
  machine.heard = machine.begun;
  socket.send(ask(machine));
}

function finish(machine: Machine): void {
  machine.done = true;
  took.push((performance.now() - machine.begun) / 1000);
  left--;
  // The last ACK leaves first.
  if (left === 0) setImmediate(end);
  else queueMicrotask(() => begin(machine));
}

const socket = openUdp({
  address: anyAddress,
  port: 0,
  receiveBuffer: 128 * 1024 * 1024,
  awake,
  handle: hear,
  onError(error) {
    writeSync(2, `${error.message}\n`);
    process.exit(1);
  },
});

const begun = performance.now();
const cpuBefore = process.cpuUsage();
for (const machine of all) begin(machine);

const clock = setInterval(() => {
  now = performance.now();
  for (const machine of all) {
    if (machine.done || now - machine.heard < patience) continue;
    machine.heard = now;
    counted.again++;
    socket.send(machine.answered ? acknowledge(machine) : ask(machine));
  }
  if (now - begun > longest) end();
}, 20);

function end(): void {
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(clock);
  const { droppedByKernel } = socket.stats;
  const times = took.toSorted((a, b) => a - b);
  const fetched = { p50: times[times.length >> 1], longest: times.at(-1) };
  const told = { ...counted, ...fetched, left, droppedByKernel, seconds, cpu: (user + system) / 1e6 };
  writeSync(1, `${JSON.stringify(told)}\n`);
  process.exit();
}
