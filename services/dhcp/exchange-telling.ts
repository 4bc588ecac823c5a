import { toHex } from '#shared/bytes.ts';
import type { BootEvent, Reporter } from '#shared/events/event.ts';
import { RepeatedEvents, type ToldEvent } from '#shared/events/repeated-events.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import { clientName, outcomeOf } from './decide/telling.ts';
import type { Exchange, LineFields, MalformedFields } from './exchange-log.ts';

/** Characters of a text of the machine's own. */
const longestText = 128;

/** Tells the hardware service of each exchange what its line in the log says, and what else a boot is judged by. */
export class ExchangeTelling implements Disposable {
  readonly #reporter: Reporter;
  /** The proxy port, where it is the one that is answered. */
  readonly #port: number | undefined;
  readonly #repeated: RepeatedEvents;

  /** @param now milliseconds of a clock that never goes back */
  constructor(reporter: Reporter, port: number | undefined, now: () => number) {
    this.#reporter = reporter;
    this.#port = port;
    this.#repeated = new RepeatedEvents(reporter, now);
  }

  tell(exchange: Exchange, line: LineFields): ToldEvent {
    return this.#repeated.tell(eventOf(exchange, line, this.#port));
  }

  /** It happened once more. */
  again(told: ToldEvent, xid: number, now: number): void {
    this.#repeated.again(told, xid, now);
  }

  malformed({ mac, peer, iface, field, bytes }: MalformedFields): void {
    this.#reporter.tell({
      at: Date.now(),
      mac,
      stage: 'dhcp',
      outcome: 'no',
      why: 'malformed',
      said: 'silent',
      details: { peer, iface, field, bytes, port: this.#port },
      ms: 0,
    });
  }

  /** What was only counted, in turn. */
  tellCounted(): void {
    this.#repeated.tellCounted();
  }

  [Symbol.dispose](): void {
    this.#repeated[Symbol.dispose]();
  }
}

function eventOf(exchange: Exchange, line: LineFields, port: number | undefined): BootEvent {
  const { request, machine, answer, why, info } = exchange;
  const { packet } = request;
  const reply = answer.said === 'silent' ? undefined : answer;
  const { mac, peer, iface, type, arch, file, ip, detail, leftOut, bytes } = line;
  return {
    at: Date.now() - exchange.ms,
    mac,
    name: machine?.name,
    clientUuid: request.uuid?.length === 17 ? uuidText(request.uuid) : undefined,
    // Behind a relay, the packet's source is the relay.
    address:
      ip ?? addressText(packet.ciaddr) ?? (packet.giaddr === 0 ? addressText(info.sourceAddress) : undefined),
    stage: 'dhcp',
    outcome: outcomeOf(answer, why),
    why,
    said: answer.said,
    details: {
      peer,
      iface,
      type,
      arch,
      client: clientName(request),
      vendorClass: request.vendorClass?.slice(0, longestText),
      userClass: request.userClasses.join(' ').slice(0, longestText),
      ip,
      requestedIp: addressText(request.requestedAddress),
      server: addressText(reply?.options.serverId),
      requestedServer: addressText(request.serverId),
      nextServer: addressText(reply?.header.siaddr),
      giaddr: addressText(packet.giaddr),
      port,
      leftOut: leftOut?.join(','),
      file,
      detail,
      bytes,
    },
    ms: exchange.ms,
    traceId: exchange.traceId,
    xid: packet.xid,
  };
}

/** Undefined for no address. */
function addressText(address: Ip4 | undefined): string | undefined {
  return address === undefined || address === 0 ? undefined : formatIp4(address);
}

/** Option 97 (RFC 4578 §2.3): a type byte, then the bytes of the UUID as they are sent. */
function uuidText(option: Uint8Array): string {
  const hex = toHex(option.subarray(1));
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
