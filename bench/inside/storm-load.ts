/**
 * Run inside a namespace: so many machines that power on and go the whole way as firmware does it: DHCP as a ROM, the loader over
 * TFTP, DHCP as iPXE, their script and the beginning of their kernel over HTTP. Every answer is compared with what it must be: the
 * first that is not ends the run with exit code 1, and a sentence.
 *
 *     storm-load.ts <file of the plan, JSON (storm/plan.ts)>
 *
 * Prints a line of JSON when it is over, and one for each window before.
 */
import { readFileSync, writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { type Counted, Storm } from './storm/fleet.ts';
import type { Plan } from './storm/plan.ts';

/**
 * The machines have processors of their own. Behind the servers of this host, answers would lie here unread, and that would be measured; in
 * front of them, servers would wait for machines that wait for nobody. So it goes beside DHCP (services/dhcp/precedence.ts).
 */
const nice = -5;

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Plan;
const say = (counted: Counted) => writeSync(1, `${JSON.stringify(counted)}\n`);

try {
  setPriority(nice);
} catch {
  // Nor may DHCP then.
}
try {
  const storm = new Storm(plan);
  const windows =
    plan.window === undefined ? undefined : setInterval(() => say(storm.take()), plan.window * 1000);
  await storm.over;
  clearInterval(windows);
  say(storm.take());
  process.exit();
} catch (error) {
  end(error);
}

process.on('uncaughtException', end);

function end(error: unknown): never {
  writeSync(2, `${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
