import { getPriority, setPriority } from 'node:os';

/** Three times the share of a processor that others have who want it at the same time (setpriority(2)). */
const nice = -5;

/**
 * Has the thread that answers go before others where they want the same processor (Linux gives each thread a nice value of its own). When the power comes back, every service on the host has work
 * for many seconds; but a ROM waits for DHCP for four, and gives up after four tries, while what it fetches may take its time. An
 * answer is short work: the others hardly notice (docs/decisions/0013).
 *
 * @returns whether it does: without CAP_SYS_NICE nobody may, and a container has its share from who runs it
 */
export function takePrecedence(): boolean {
  try {
    // Who was started with more has it for a reason.
    if (getPriority() > nice) setPriority(nice);
    return true;
  } catch {
    return false;
  }
}
