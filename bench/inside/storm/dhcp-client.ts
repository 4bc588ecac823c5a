import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import type { Outgoing, UdpSocket } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';
import { type DhcpAnswer, readAnswer, xidOf } from './dhcp-answer.ts';
import { Captured } from './dhcp-packets.ts';
import { expand } from './ipxe-script.ts';
import type { Latencies } from './latencies.ts';
import type { Fleet, Machine } from './machine.ts';
import type { Plan } from './plan.ts';

const [OFFER, ACK] = [2, 5];

/** PXE 2.1 §2.2.3: asked again after 4, 8, 16 and 32 seconds, by a second more or less (RFC 2131 §4.1). Milliseconds. */
const waits = [4000, 8000, 16_000, 32_000] as const;
const jitter = 1000;

/** What a ROM and what iPXE says, as they were captured. */
const requests = {
  rom: { discover: new Captured('ovmf-pxe-discover'), request: new Captured('ovmf-pxe-request') },
  ipxe: {
    discover: new Captured('bios-undionly-discover2'),
    request: new Captured('bios-undionly-request2'),
  },
} as const;

/** The four-way exchange of RFC 2131 §3.1 of every machine, through the relay of its rack, first as a ROM and then as iPXE. */
export class DhcpClient {
  /** From the first time that something was asked until its answer came, however often it was asked. */
  readonly #latencies: Latencies;
  readonly #fleet: Fleet;
  readonly #server: Ip4;
  readonly #loader: string;
  readonly #scriptUrl: string;
  readonly socket: UdpSocket;
  /** Answers to what nobody asks any more. */
  late = 0;

  constructor({ server, loader, script }: Plan, fleet: Fleet, latencies: Latencies) {
    this.#fleet = fleet;
    this.#latencies = latencies;
    this.#server = server;
    this.#loader = loader.name;
    this.#scriptUrl = script.url;
    this.socket = openUdp({
      // Of all relays.
      address: 0,
      port: 67,
      receiveBuffer: 64 * 1024 * 1024,
      handle: (datagram) => this.#heard(datagram),
      onError(error) {
        throw error;
      },
    });
  }

  /** Begins with a DISCOVER. */
  begin(machine: Machine): void {
    machine.serial++;
    machine.hasOffer = false;
    this.socket.send(this.#ask(machine));
  }

  /** It has heard nothing for as long as it waits. */
  again(machine: Machine): void {
    if (machine.tries === waits.length) this.#fleet.fail(machine);
    else {
      this.#fleet.again('dhcp');
      this.socket.send(this.#repeat(machine));
    }
  }

  #ask(machine: Machine): Outgoing {
    machine.asked = this.#fleet.now();
    machine.tries = 0;
    return this.#repeat(machine);
  }

  #repeat(machine: Machine): Outgoing {
    const now = this.#fleet.now();
    machine.due = now + (waits[machine.tries++] ?? 0) + (Math.random() * 2 - 1) * jitter;
    const { discover, request } = requests[machine.stage === 'rom' ? 'rom' : 'ipxe'];
    const bytes = (machine.hasOffer ? request : discover).from(
      machine,
      this.#server,
      Math.floor((now - machine.since) / 1000),
    );
    return { bytes, address: this.#server, port: 67, sourceAddress: machine.relay };
  }

  #heard(datagram: Uint8Array): Outgoing | undefined {
    const answer = readAnswer(datagram);
    const xid = xidOf(datagram);
    const machine = this.#fleet.machines[Math.floor(xid / 0x1_0000)];
    const isAwaited =
      machine !== undefined &&
      answer !== undefined &&
      xid === machine.xid &&
      (machine.stage === 'rom' || machine.stage === 'ipxe') &&
      // A second OFFER, to a DISCOVER that was sent twice.
      !(machine.hasOffer && answer.type === OFFER);
    if (!isAwaited) {
      this.late++;
      return undefined;
    }
    this.#check(machine, answer);
    this.#latencies.add(this.#fleet.now() - machine.asked);
    if (machine.hasOffer) {
      this.#fleet.next(machine);
      return undefined;
    }
    machine.hasOffer = true;
    return this.#ask(machine);
  }

  #check(machine: Machine, answer: DhcpAnswer): void {
    const said = (what: string): never => this.#fleet.wrong(machine, `DHCP says ${what}`);
    const { type, mac, yiaddr, nextServer, giaddr, serverId, bootFile } = answer;
    if (type !== (machine.hasOffer ? ACK : OFFER)) said(`type ${type}`);
    if (mac !== machine.mac) said(`another MAC`);
    if (yiaddr !== machine.address) said(`address ${formatIp4(yiaddr)}`);
    if (giaddr !== machine.relay) said(`relay ${formatIp4(giaddr)}`);
    if (serverId !== this.#server) said(`server ${formatIp4(serverId ?? 0)}`);
    if (nextServer !== this.#server) said(`next server ${formatIp4(nextServer)}`);
    if (
      machine.stage === 'rom'
        ? bootFile !== this.#loader
        : expand(bootFile, machine.settings) !== this.urlOf(machine)
    )
      said(`boot file ${bootFile}`);
  }

  /** Of a machine's script. */
  urlOf(machine: Machine): string {
    return this.#scriptUrl.replace('@mac@', machine.macText);
  }
}
