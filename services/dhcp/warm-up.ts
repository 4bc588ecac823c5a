import { setImmediate as turn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { Reporter } from '#shared/events/event.ts';
import { toMachines } from '#shared/hardware/convert.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import { createLog } from '#shared/log.ts';
import { GatheredOutput } from '#shared/log-output.ts';
import { type Mac, macOf } from '#shared/mac.ts';
import type { DhcpSettings } from './config.ts';
import { ExchangeTelling } from './exchange-telling.ts';
import { createHandler } from './handler.ts';
import { Interfaces } from './interfaces.ts';
import { dhcpMetrics } from './metrics.ts';
import { ipxeOptions, messageTypes, type OptionValues } from './wire/codes.ts';
import { encodeRequest } from './wire/encode.ts';

/** Boots that are played, which takes a tenth of a second: more of them make a packet hardly cheaper. Every fourth is played twice. */
const boots = 400;
const twice = 4;

/** A relay, the server behind it, and a machine of documentation's network (RFC 5737); MACs that no vendor has. */
const relay: Ip4 = 0xc000_0202;
const server: Ip4 = 0xc000_0201;
const address: Ip4 = 0xc000_0207;
const macOfBoot = (boot: number) => Uint8Array.of(0x02, 0, 0, 0, boot >> 8, boot & 0xff);

/** Bytes of UDP payload: a request of ours fits. */
const limit = 1472;

/**
 * Answers machines that there are not, until V8 has compiled what a packet's way is made of: else the first thousand packets would
 * take four times as long as all later ones, and when the power comes back ten thousand machines wait behind them. It
 * goes the very way of each packet, but hears no socket, and what it logs, counts and tells goes nowhere.
 *
 * @returns how many packets were played, and how many of them answered
 */
export async function warmUp(settings: DhcpSettings): Promise<{ asked: number; answered: number }> {
  const played = { asked: 0, answered: 0 };
  if (!settings.enabled) return played;
  const now = () => performance.now();
  const interfaces = new Interfaces(now);
  using telling = new ExchangeTelling(nobody, undefined, now);
  const handle = createHandler({
    settings,
    machines: oneForAll(macOf(macOfBoot(0))),
    interfaces,
    missingLoaders: () => noLoaders,
    metrics: dhcpMetrics(new Registry()),
    log: createLog('dhcp', settings.logLevel, new GatheredOutput(nowhere)),
    telling,
    now,
  });
  const ask = (packet: Uint8Array) => {
    played.asked++;
    if (handle(packet, way) !== undefined) played.answered++;
  };
  for (let boot = 0; boot < boots; boot++) {
    const packets = said(boot);
    packets.forEach(ask);
    if (boot % twice === 0) packets.forEach(ask);
    // Meanwhile the records come in.
    await turn();
  }
  return played;
}

const way = { sourceAddress: relay, sourcePort: 67, ifindex: 0, localAddress: server };

const noLoaders: ReadonlySet<string> = new Set();

const nowhere = { write() {}, flushSync() {} };

const nobody: Reporter = { know() {}, tell() {}, async [Symbol.asyncDispose]() {} };

/** Whoever asks finds the same record. */
function oneForAll(mac: Mac): Machines {
  const ip = { address: formatIp4(address), netmask: '255.255.255.0', gateway: formatIp4(server) };
  const lists = {
    nameServers: [formatIp4(server)],
    timeServers: [],
    classlessStaticRoutes: [],
    domainSearch: [],
  };
  const dhcp = { mac, hostname: 'warm-up', arch: 'x86_64', ip, ...lists };
  const { machines } = toMachines({ name: 'warm-up', interfaces: [{ dhcp, netboot: { allowPxe: true } }] });
  return { ready: true, byMac: () => machines[0], byIp: () => machines };
}

/** What a machine says: its ROM's DISCOVER and REQUEST, then iPXE's. */
function said(boot: number): readonly Uint8Array[] {
  const chaddr = macOfBoot(boot);
  const rom: OptionValues = {
    vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    clientArch: [0],
    clientUuid: Uint8Array.of(0, ...Array<number>(10).fill(0), ...chaddr),
    maxMessageSize: limit,
  };
  const http = { code: ipxeOptions.http, bytes: Uint8Array.of(1) };
  const ipxe: OptionValues = {
    ...rom,
    userClass: ['iPXE'],
    ipxe: [http],
    clientId: Uint8Array.of(1, ...chaddr),
  };
  const packet = (options: OptionValues) =>
    encodeRequest({ chaddr, xid: boot, hops: 1, giaddr: relay }, options, limit);
  return [rom, ipxe].flatMap((options) => [
    packet({ ...options, messageType: messageTypes.DISCOVER }),
    packet({
      ...options,
      messageType: messageTypes.REQUEST,
      requestedAddress: address,
      serverId: server,
    }),
  ]);
}
