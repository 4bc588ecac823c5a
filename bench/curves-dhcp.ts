import type { BenchLab } from './bench-lab.ts';
import { type Asked, type OwnLoad, ownLoad, untilAnswered } from './dhcp-generators.ts';
import { dhcpServers } from './dhcp-servers.ts';
import type { Figures } from './scenario.ts';

/** Whom the curves show: dnsmasq is too slow to be seen beside them. */
export const shownServers = dhcpServers.filter(({ name }) => name !== 'dnsmasq');

/** Waits until a server that has just been started answers, and then until its code is compiled and its memory tidied up. */
export async function warmUp(lab: BenchLab, asked: Asked, seconds: number): Promise<void> {
  await untilAnswered(() => ownLoad(lab, { ...asked, machines: 1 }, 0));
  await ownLoad(lab, asked, seconds);
}

/** What the tables and pictures show of a load: milliseconds, and what was lost in percent. */
export function loadFigures({ rate, cpu, dropped, p50, p99, loadCpu }: OwnLoad): Figures {
  return { rate, cpu, lost: dropped * 100, p50: p50 / 1000, p99: p99 / 1000, 'load cpu': loadCpu };
}
