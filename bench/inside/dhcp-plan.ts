import { writeSync } from 'node:fs';
import { type Ip4, parseIp4 } from '#shared/ip4.ts';
import { DhcpAnswers, Echoes, type Judge } from './dhcp-answers.ts';
import { DhcpMachines } from './dhcp-machines.ts';
import { LoadSocket } from './load-socket.ts';

/** What a load of DHCP is told: a line of JSON, its only argument. */
export interface DhcpPlan {
  /** Host and port. */
  readonly server: string;
  /** What we bind, and the address that the machines' relay has. */
  readonly relay: string;
  readonly machines: number;
  /** It sends back what it is sent, and does not know DHCP. */
  readonly echo?: boolean;
  /** Options that the server fills by its dice. */
  readonly varying?: readonly number[];
}

/** Datagrams per system call: few, so that the server has work while we look at answers. */
const batch = 16;

/** What a load works with. */
export function prepare(plan: DhcpPlan): { machines: DhcpMachines; judge: Judge; socket: LoadSocket } {
  const server = addressOf(plan.server);
  const relay = addressOf(plan.relay);
  const machines = new DhcpMachines(server, relay.address);
  const expected = { server: server.address, relay: relay.address, varying: plan.varying ?? [] };
  const judge = plan.echo ? new Echoes(new DhcpMachines(server, relay.address)) : new DhcpAnswers(expected);
  return { machines, judge, socket: new LoadSocket(relay.address, relay.port, batch) };
}

/** Says in a line what came of it. One wrong answer, and the whole has failed. */
export function report(result: { readonly wrong: number }): void {
  writeSync(1, `${JSON.stringify(result)}\n`);
  if (result.wrong === 0) return;
  writeSync(2, `${result.wrong} wrong answers\n`);
  process.exitCode = 1;
}

function addressOf(text: string): { address: Ip4; port: number } {
  const [host = '', port] = text.split(':');
  return { address: parseIp4(host) ?? 0, port: Number(port) };
}
