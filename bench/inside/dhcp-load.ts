/**
 * Run inside a namespace: a relay with so many machines behind it, each doing the four-way exchange of RFC 2131 §3.1 as soon
 * as one before it has ended. Every byte of every answer is looked at. Prints one line of JSON: `p50` and `p99` are
 * milliseconds from a DISCOVER until its ACK.
 *
 *     dhcp-load.ts '{"server": "10.77.0.1:67", "relay": "10.77.0.2:67", "machines": 10000, "inFlight": 64, "seconds": 2}'
 *
 * It is as lean as we can make it (packets made beforehand, batches of system calls), so that the server is what is measured.
 */
import { readU32 } from '#shared/bytes.ts';
import { ACK, at, OFFER } from './dhcp-machines.ts';
import { type DhcpPlan, prepare, report } from './dhcp-plan.ts';

interface Plan extends DhcpPlan {
  readonly inFlight: number;
  /** How long; 0: until each machine has been through it once. */
  readonly seconds: number;
  /** The machines are every so manieth of those that have records; each, when it is not given. */
  readonly every?: number;
}

const plan = JSON.parse(process.argv[2] ?? '') as Plan;
const { machines, judge, socket } = prepare(plan);

/** Milliseconds after which an answer does not count any more: perfdhcp's own default. */
const lostAfter = 1000;
const lookEvery = 20;

/** What each of the exchanges in flight waits for. Its number is the upper half of the xid, its machine follows from the lower. */
const slots = Array.from({ length: plan.inFlight }, () => ({
  xid: 0,
  machine: 0,
  type: OFFER as number,
  since: 0,
  begun: 0,
}));
const most = plan.seconds === 0 ? plan.machines : Number.POSITIVE_INFINITY;
const counted = { exchanges: 0, lost: 0, wrong: 0, stray: 0, answerBytes: 0 };
/** How long the last exchanges took, in milliseconds; more of them than a few seconds bring. */
const took = new Float32Array(1 << 20);
let begun = 0;
let now = performance.now();

function begin(number: number): void {
  const slot = slots[number];
  if (slot === undefined) throw new Error('no such slot');
  slot.since = begun < most ? now : Number.POSITIVE_INFINITY;
  if (begun >= most) return;
  slot.begun = now;
  slot.machine = (begun % plan.machines) * (plan.every ?? 1);
  slot.xid = number * 0x1_0000 + (begun++ & 0xffff);
  slot.type = OFFER;
  socket.add(machines.discover(slot.machine, slot.xid));
}

function heard(answer: Uint8Array): void {
  const xid = readU32(answer, at.xid);
  const number = xid >>> 16;
  const slot = slots[number];
  if (slot === undefined || slot.xid !== xid || slot.since === Number.POSITIVE_INFINITY) {
    counted.stray++;
    return;
  }
  const isRight = judge.isRight(answer, slot.machine, slot.type);
  if (!isRight) counted.wrong++;
  if (slot.type === OFFER && isRight) {
    slot.type = ACK;
    slot.since = now;
    socket.add(machines.request(slot.machine, xid));
    return;
  }
  counted.answerBytes = answer.length;
  if (isRight) took[counted.exchanges++ % took.length] = now - slot.begun;
  begin(number);
}

const started = now;
const cpuBefore = process.cpuUsage();
for (let number = 0; number < plan.inFlight; number++) begin(number);
let looked = now;
const until = plan.seconds === 0 ? Number.POSITIVE_INFINITY : started + plan.seconds * 1000;
while (now < until && counted.exchanges + counted.lost + counted.wrong < most) {
  socket.flush();
  if (socket.receive(heard) === 0) socket.wait(lookEvery);
  now = performance.now();
  if (now - looked >= lookEvery) look();
}

function look(): void {
  looked = now;
  for (const [number, slot] of slots.entries()) {
    if (now - slot.since < lostAfter || slot.since === Number.POSITIVE_INFINITY) continue;
    counted.lost++;
    begin(number);
  }
}

const { user, system } = process.cpuUsage(cpuBefore);
const times = took.subarray(0, Math.min(counted.exchanges, took.length)).sort();
const [p50, p99] = [0.5, 0.99].map((share) => times[Math.floor(times.length * share)]);
const spent = { seconds: (now - started) / 1000, cpu: (user + system) / 1e6 };
const result = { ...counted, ...spent, sent: socket.sent, p50, p99 };
report(result);
