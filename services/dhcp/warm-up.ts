import { setImmediate as turn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { messageOf } from '#shared/errors.ts';
import type { Ip4 } from '#shared/ip4.ts';
import { createLog } from '#shared/log.ts';
import { GatheredOutput } from '#shared/log-output.ts';
import type { Context } from '#shared/run.ts';
import type { DatagramHandler } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';
import type { DhcpSettings } from './config.ts';
import { ExchangeTelling } from './exchange-telling.ts';
import { createHandler } from './handler.ts';
import { Interfaces } from './interfaces.ts';
import { dhcpMetrics } from './metrics.ts';
import { playedBoot, playedMachines } from './played-boots.ts';
import { Rehearsal } from './rehearsal.ts';

/**
 * Boots that are played, in rounds: V8 takes what never changed for constant, and throws away what it has compiled so when the first
 * round ends and its sockets close. After the second round a packet gets hardly cheaper.
 */
const rounds = [200, 4000] as const;

/** Where a machine is slow, it shall not start late for that, in milliseconds. */
const longest = 2000;

/** Boots whose packets are on their way at the same time. */
const atOnce = 8;

/** Every so many boots are played twice: the second time, answers come from memory. */
const twice = 4;

/** So many machines boot in turn. Before each turn, what is remembered of them is forgotten: the heap shall not grow for nobody. */
const machines = 500;

const cold = 'could not warm up: the first answers will take longer';

const loopback: Ip4 = 0x7f00_0001;

/** Packets, and how many of them were answered. */
interface Played {
  asked: number;
  answered: number;
}

/**
 * Answers machines that there are not, until V8 has compiled what a packet's way is made of: else the first thousands of packets would
 * take up to four times as long as all later ones, and V8's threads would take the processors that the machines wait for; when the power
 * comes back, there are ten thousand of them. It goes the very way of each packet, over sockets of its own on the loopback, but what it
 * logs, counts and tells goes nowhere. Where there is no loopback, or it is down, nothing is warmed up, and nothing else happens.
 */
export async function warmUp({ settings, log }: Pick<Context<DhcpSettings>, 'settings' | 'log'>) {
  if (!settings.enabled) return;
  const played: Played = { asked: 0, answered: 0 };
  const began = performance.now();
  const until = began + longest;
  try {
    for (const boots of rounds)
      if (performance.now() < until) await playRound(settings, boots, played, until);
    const ms = Math.round(performance.now() - began);
    log.debug({ ...played, ms }, played.answered > 0 ? 'warmed up' : cold);
  } catch (error) {
    log.debug({ error: messageOf(error) }, cold);
  }
}

async function playRound(settings: DhcpSettings, boots: number, played: Played, until: number) {
  const now = () => performance.now();
  using telling = new ExchangeTelling(new Rehearsal(), undefined, now);
  let loaders: ReadonlySet<string> = new Set();
  const handle = createHandler({
    settings,
    machines: playedMachines(machines),
    interfaces: new Interfaces(now),
    missingLoaders: () => loaders,
    metrics: dhcpMetrics(new Registry()),
    log: createLog('dhcp', settings.logLevel, new GatheredOutput(nowhere)),
    telling,
    now,
  });
  const answer: DatagramHandler = (datagram, info) => {
    played.asked++;
    const reply = handle(datagram, info);
    if (reply === undefined) return undefined;
    played.answered++;
    // Not to the relay, which there is not.
    return { ...reply, address: loopback, port: relay.port, ifindex: undefined };
  };
  const here = { address: loopback, port: 0, onError: ignore };
  await using relay = openUdp({ ...here, handle: ignore });
  await using server = openUdp({ ...here, batch: 16, handle: answer });
  const ask = (bytes: Uint8Array) => relay.send({ bytes, address: loopback, port: server.port });
  for (let boot = 0; boot < boots && now() < until; boot++) {
    // What answers depend on is another object: those that were given are forgotten.
    if (boot % machines === 0) loaders = new Set();
    const packets = playedBoot(boot % machines, loopback);
    packets.forEach(ask);
    if (boot % twice === 0) packets.forEach(ask);
    // They are sent, and then heard. Meanwhile the records come in.
    if (boot % atOnce === atOnce - 1) for (let turns = 0; turns < 2; turns++) await turn();
  }
  for (let turns = 0; turns < 10; turns++) await turn();
}

const nowhere = { write() {}, flushSync() {} };

function ignore(): undefined {}
