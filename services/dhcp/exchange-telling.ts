import { toHex } from '#shared/bytes.ts';
import type { BootEvent, Reporter } from '#shared/events/event.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import { clientName, outcomeOf } from './decide/telling.ts';
import type { Exchange, LineFields, MalformedFields } from './exchange-log.ts';

/**
 * The very same exchange is told again after so many milliseconds; until then it is counted. Whoever was silent so long boots again,
 * and is told at once; whoever asks all the while has to wait for his turn.
 */
const toldFor = 10_000;

/**
 * Those that are only counted are looked through so often (milliseconds), and so many are told at a time: few, since answers wait for
 * as long as that takes.
 */
const lookEvery = 100;
const atOnce = 25;

/** Exchanges that wait for their count to be told: as many as answers are remembered. */
const mayWait = 32_768;

/** Characters of a text of the machine's own. */
const longestText = 128;

/**
 * An exchange that happens again and again. Its numbers are whole and have 32 bits: such a number lies in the object itself, and to
 * fetch anything else from memory would cost more than all that is done with it.
 */
export interface ToldExchange {
  readonly event: BootEvent;
  /** In milliseconds of the clock that never goes back, modulo 2^32. */
  toldAt: number;
  repeats: number;
  /** Of the last one: when it came, by the same clock, and its xid. */
  heardAt: number;
  xid: number;
}

/** Tells the hardware service of each exchange what its line in the log says, and what else a boot is judged by. */
export class ExchangeTelling implements Disposable {
  readonly #reporter: Reporter;
  /** The proxy port, where it is the one that is answered. */
  readonly #port: number | undefined;
  readonly #now: () => number;
  readonly #counted: ToldExchange[] = [];
  readonly #looks: NodeJS.Timeout;

  /** @param now milliseconds of a clock that never goes back */
  constructor(reporter: Reporter, port: number | undefined, now: () => number) {
    this.#reporter = reporter;
    this.#port = port;
    this.#now = now;
    this.#looks = setInterval(() => this.tellCounted(), lookEvery).unref();
  }

  tell(exchange: Exchange, line: LineFields): ToldExchange {
    const event = eventOf(exchange, line, this.#port);
    this.#reporter.tell(event);
    const now = this.#now();
    return { event, toldAt: now | 0, repeats: 0, heardAt: now | 0, xid: (event.xid ?? 0) | 0 };
  }

  /** It happened once more. Nearly nothing: it is every packet's way in a storm. */
  again(told: ToldExchange, xid: number, now: number): void {
    told.xid = xid | 0;
    told.heardAt = now | 0;
    if (told.repeats > 0) told.repeats++;
    else if (since(told.toldAt, now) >= toldFor) this.#tellAgain(told, now, 0);
    else if (this.#counted.length < mayWait) {
      told.repeats = 1;
      this.#counted.push(told);
    }
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

  /** What was only counted, in turn. An event stands for the last one, and says how many more there were. */
  tellCounted(): void {
    const now = this.#now();
    const first = this.#counted.slice(0, atOnce);
    const due = first.findIndex(({ toldAt }) => since(toldAt, now) < toldFor);
    const ready = this.#counted.splice(0, due === -1 ? first.length : due);
    for (const told of ready) if (told.repeats > 0) this.#tellAgain(told, now, told.repeats - 1);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#looks);
    const now = this.#now();
    for (const told of this.#counted) if (told.repeats > 0) this.#tellAgain(told, now, told.repeats - 1);
  }

  #tellAgain(told: ToldExchange, now: number, repeats: number): void {
    told.toldAt = now | 0;
    told.repeats = 0;
    // Not when it is told: what came after it (the loader that was fetched) came after it.
    const at = Date.now() - since(told.heardAt, now);
    this.#reporter.tell({ ...told.event, at, xid: told.xid >>> 0, repeats });
  }
}

/** Milliseconds between two times of the clock, also when it has gone round: up to seven weeks. */
function since(then: number, now: number): number {
  return (now - then) >>> 0;
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
