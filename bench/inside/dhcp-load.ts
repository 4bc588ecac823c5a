/**
 * Run inside a namespace: a relay with so many machines behind it, each doing the four-way exchange of RFC 2131 §3.1 as soon
 * as one before it has ended. Every answer's type, address and server are checked. Prints one line of JSON.
 *
 *     dhcp-load.ts <server> <our address> <machines> <in flight> <seconds>
 *
 * It is as lean as we can make it (packets made beforehand, batches of system calls), so that the server is what is measured.
 */
import { writeSync } from 'node:fs';
import { readU32, writeU32 } from '#shared/bytes.ts';
import { parseIp4 } from '#shared/ip4.ts';
import type { Outgoing } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';
import { addressOfMachine, firstMac } from '../records.ts';

const [serverText = '', ownText = '', machines = 0, inFlight = 0, seconds = 0] = process.argv
  .slice(2)
  .map((word, at) => (at < 2 ? word : Number(word))) as [string, string, number, number, number];
const server = parseIp4(serverText) ?? 0;
const own = parseIp4(ownText) ?? 0;

/** Milliseconds after which an answer does not count any more: perfdhcp's own default. */
const lostAfter = 1000;

// Offsets of RFC 2131's figure 1, and of the options of our own requests.
const at = { xid: 4, yiaddr: 16, giaddr: 24, chaddr: 28, cookie: 236, options: 240 };
const requestedAt = at.options + 3 + 2;
const serverIdAt = requestedAt + 4 + 2;
const [DISCOVER, OFFER, REQUEST, ACK] = [1, 2, 3, 5];

/** Nobody asks for more than perfdhcp does: option 55 with seven codes. */
const parameterList = [55, 7, 1, 28, 2, 3, 15, 6, 12];

function template(...options: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(300);
  bytes.set([1, 1, 6, 1]);
  writeU32(bytes, at.giaddr, own);
  writeU32(bytes, at.cookie, 0x6382_5363);
  bytes.set([...options, ...parameterList, 255], at.options);
  return bytes;
}

const discover = template(53, 1, DISCOVER);
const request = template(53, 1, REQUEST, 50, 4, 0, 0, 0, 0, 54, 4, 0, 0, 0, 0);
const toServer = { address: server, port: 67, sourceAddress: own };
const discoverOut: Outgoing = { ...toServer, bytes: discover };
const requestOut: Outgoing = { ...toServer, bytes: request };

/** What each of the exchanges in flight waits for. Its number is the upper half of the xid, its machine follows from the lower. */
const slots = Array.from({ length: inFlight }, () => ({ xid: 0, machine: 0, type: OFFER, since: 0 }));
let next = 0;
let serial = 0;
let measuring = true;
let now = performance.now();
const counted = { exchanges: 0, lost: 0, wrong: 0, stray: 0 };

function begin(number: number): Outgoing {
  const slot = slots[number];
  if (slot === undefined) throw new Error('no such slot');
  slot.machine = next;
  next = (next + 1) % machines;
  slot.xid = number * 0x1_0000 + (serial++ & 0xffff);
  slot.type = OFFER;
  slot.since = now;
  writeU32(discover, at.xid, slot.xid);
  writeMac(discover, slot.machine);
  return discoverOut;
}

function writeMac(bytes: Uint8Array, machine: number): void {
  const mac = firstMac + machine;
  writeU32(bytes, at.chaddr + 2, mac % 0x1_0000_0000);
  bytes[at.chaddr] = mac / 0x100_0000_0000;
  bytes[at.chaddr + 1] = mac / 0x1_0000_0000;
}

function answered(answer: Uint8Array): Outgoing | undefined {
  const xid = readU32(answer, at.xid);
  const number = xid >>> 16;
  const slot = slots[number];
  if (slot === undefined || slot.xid !== xid) {
    counted.stray++;
    return undefined;
  }
  const address = addressOfMachine(slot.machine);
  const isRight =
    answer[0] === 2 &&
    readU32(answer, at.yiaddr) === address &&
    option(answer, 53) === slot.type &&
    option(answer, 54) === server;
  if (!isRight) counted.wrong++;
  if (slot.type === OFFER && isRight) {
    slot.type = ACK;
    slot.since = now;
    writeU32(request, at.xid, xid);
    writeMac(request, slot.machine);
    writeU32(request, requestedAt, address);
    writeU32(request, serverIdAt, server);
    return requestOut;
  }
  if (isRight) counted.exchanges++;
  return measuring ? begin(number) : undefined;
}

/** An option's value as a number of one or four bytes. */
function option(answer: Uint8Array, code: number): number | undefined {
  for (let offset = at.options; offset < answer.length; ) {
    const found = answer[offset];
    if (found === 255) return undefined;
    const length = answer[offset + 1] ?? 0;
    if (found === code) return length === 1 ? answer[offset + 2] : readU32(answer, offset + 2);
    offset += found === 0 ? 1 : 2 + length;
  }
  return undefined;
}

const socket = openUdp({
  address: own,
  port: 67,
  // Few at a time, so that the server has work while we check answers.
  batch: 16,
  handle: answered,
  onError(error) {
    writeSync(2, `${error.message}\n`);
    process.exit(1);
  },
});

const started = performance.now();
const cpuBefore = process.cpuUsage();
for (let number = 0; number < inFlight; number++) socket.send(begin(number));
const clock = setInterval(() => {
  now = performance.now();
  for (const [number, slot] of slots.entries()) {
    if (now - slot.since < lostAfter) continue;
    counted.lost++;
    socket.send(begin(number));
  }
}, 20);

setTimeout(() => {
  const { user, system } = process.cpuUsage(cpuBefore);
  const elapsed = (performance.now() - started) / 1000;
  const result = { ...counted, seconds: elapsed, cpu: (user + system) / 1e6 };
  measuring = false;
  clearInterval(clock);
  writeSync(1, `${JSON.stringify(result)}\n`);
  void socket.close();
}, seconds * 1000);
