/**
 * Run inside a namespace: the machines behind a relay begin their four-way exchanges by the clock, so many a second, whether or
 * not those before them have ended. Every byte of every answer is looked at. Prints one line of JSON: how long answers took, and
 * what became of every packet.
 *
 *     dhcp-paced.ts '{"server": "10.77.0.1:67", "relay": "10.77.0.2:67", "machines": 10000, "rate": 4000, "seconds": 3}'
 *
 * An answer's time is from before its request is handed to the kernel until it has been fetched from it. How late the requests
 * themselves were is told, too.
 */
import { readU32 } from '#shared/bytes.ts';
import { ACK, at, OFFER } from './dhcp-machines.ts';
import { type DhcpPlan, prepare, report } from './dhcp-plan.ts';

interface Plan extends DhcpPlan {
  /** Exchanges begun per second. */
  readonly rate: number;
  readonly seconds: number;
}

const plan = JSON.parse(process.argv[2] ?? '') as Plan;
const { machines, judge, socket } = prepare(plan);

/** Milliseconds that are waited for answers when all have begun; and between looks when nothing comes. */
const patience = 300;
const nap = 20;
/** Exchanges that are begun before answers are fetched again. */
const atOnce = 16;

const total = Math.round(plan.rate * plan.seconds);
/** Of each exchange, whose number is its xid: what it waits for (0: nothing any more), and since when. */
const waitsFor = new Uint8Array(total);
const since = new Float64Array(total);
const took = new Float64Array(total * 2);
const late = new Float64Array(total);
const counted = { exchanges: 0, offers: 0, wrong: 0, stray: 0 };
let answers = 0;
let begun = 0;
let now = performance.now();

const machineOf = (xid: number) => xid % plan.machines;

function begin(dueAt: number): void {
  const xid = begun++;
  late[xid] = now - dueAt;
  ask(xid, OFFER);
}

function ask(xid: number, type: number): void {
  waitsFor[xid] = type;
  since[xid] = now;
  const machine = machineOf(xid);
  socket.add(type === OFFER ? machines.discover(machine, xid) : machines.request(machine, xid));
}

function heard(answer: Uint8Array): void {
  const xid = readU32(answer, at.xid);
  const type = waitsFor[xid] ?? 0;
  if (type === 0) {
    counted.stray++;
    return;
  }
  waitsFor[xid] = 0;
  if (!judge.isRight(answer, machineOf(xid), type)) {
    counted.wrong++;
    return;
  }
  took[answers++] = now - (since[xid] ?? 0);
  if (type === OFFER) {
    counted.offers++;
    ask(xid, ACK);
  } else counted.exchanges++;
}

const started = now;
const cpuBefore = process.cpuUsage();
const dueAt = (number: number) => started + (number * 1000) / plan.rate;
let heardAt = now;
let begunAt = now;
while (begun < total || (now - heardAt < patience && counted.exchanges + counted.wrong < total)) {
  for (let more = atOnce; more > 0 && begun < total && dueAt(begun) <= now; more--) {
    begin(dueAt(begun));
    begunAt = now;
  }
  socket.flush();
  now = performance.now();
  if (socket.receive(heard) > 0) heardAt = now;
  else socket.wait(begun < total ? Math.min(dueAt(begun) - now, nap) : nap);
  now = performance.now();
}
const { user, system } = process.cpuUsage(cpuBefore);

const quantile = (sorted: Float64Array, share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const times = took.subarray(0, answers).sort();
late.sort();
const result = {
  begun,
  ...counted,
  sent: socket.sent,
  answers: answers + counted.wrong + counted.stray,
  dropped: socket.dropped,
  p50: quantile(times, 0.5),
  p99: quantile(times, 0.99),
  late: quantile(late, 0.99),
  /** Until the last one began, and until the last answer was heard. */
  beginning: (begunAt - started) / 1000,
  seconds: (heardAt - started) / 1000,
  cpu: (user + system) / 1e6,
};
report(result);
