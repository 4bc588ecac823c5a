import { concat } from '#shared/bytes.ts';
import { MalformedError } from '#shared/errors.ts';
import {
  end,
  type OptionName,
  type OptionSpec,
  type OptionValues,
  optionTable,
  pad,
  type ValueOf,
} from './codes.ts';
import { decodeValue, encodeValue } from './values.ts';

/**
 * The options of a received packet: where each instance lies, and nothing cut out before somebody asks. A few numbers per
 * option is all that a packet costs that is dropped for another reason.
 */
export class Options {
  readonly #packet: Uint8Array;
  /** code, start, end of each instance, in the order of RFC 3396 §5. */
  readonly #spans: readonly number[];

  constructor(packet: Uint8Array, spans: readonly number[]) {
    this.#packet = packet;
    this.#spans = spans;
  }

  /** The value's bytes: a view, or (when the option is there more than once) the instances joined (RFC 3396 §7). */
  get(code: number): Uint8Array | undefined {
    const spans = this.#spans;
    let parts: Uint8Array[] | undefined;
    let whole: Uint8Array | undefined;
    for (let at = 0; at < spans.length; at += 3) {
      if (spans[at] !== code) continue;
      const part = this.#packet.subarray(spans[at + 1], spans[at + 2]);
      if (whole === undefined) whole = part;
      else {
        parts ??= [whole];
        parts.push(part);
      }
    }
    return parts === undefined ? whole : concat(parts);
  }

  /**
   * The typed value; undefined when the option is absent.
   * @throws {MalformedError} when it is there and not what its RFC says
   */
  read<N extends OptionName>(name: N): ValueOf<N> | undefined {
    const { code, value } = optionTable[name];
    const bytes = this.get(code);
    if (bytes === undefined) return undefined;
    return decodeValue(value, bytes, { field: `option ${code}`, offset: this.#offsetOf(code) }) as ValueOf<N>;
  }

  /** Each code once, in the order of its first instance. */
  codes(): number[] {
    return [...new Set(this.#spans.filter((_, at) => at % 3 === 0))];
  }

  *[Symbol.iterator](): Generator<readonly [code: number, bytes: Uint8Array]> {
    for (const code of this.codes()) yield [code, this.get(code) ?? new Uint8Array()];
  }

  #offsetOf(code: number): number {
    const at = this.#spans.findIndex((value, index) => index % 3 === 0 && value === code);
    return this.#spans[at + 1] ?? 0;
  }
}

/**
 * Finds the options in one area of the packet (the options field, or `file` or `sname` under option 52) and appends their
 * spans. PAD has no length, END ends the area, and what follows it is not looked at; an area may end without END.
 * @throws {MalformedError} when an option reaches over the end of its area
 */
export function scanOptions(packet: Uint8Array, start: number, stop: number, spans: number[]): void {
  let at = start;
  while (at < stop) {
    const code = packet[at] ?? end;
    if (code === end) return;
    if (code === pad) {
      at++;
      continue;
    }
    if (at + 1 >= stop) throw new MalformedError(`option ${code}`, at, 'has no length');
    const from = at + 2;
    const length = packet[at + 1] ?? 0;
    if (from + length > stop)
      throw new MalformedError(`option ${code}`, at, `reaches ${from + length - stop} bytes over the end`);
    spans.push(code, from, from + length);
    at = from + length;
  }
}

const specs = Object.entries(optionTable) as readonly (readonly [OptionName, OptionSpec])[];

/** Typed values to bytes by code; `undefined` values are left out. */
export function packOptions(values: OptionValues): Map<number, Uint8Array> {
  const packed = new Map<number, Uint8Array>();
  for (const [name, { code, value }] of specs) {
    const one = values[name];
    if (one !== undefined) packed.set(code, encodeValue(value, one));
  }
  return packed;
}

/**
 * Left out in this order when a reply does not fit into what the client accepts: first what only makes life nicer, last what
 * the machine cannot boot without; option 82 before the boot options' last resort, as RFC 3046 §2.2 allows. What is not in
 * the list (53, 54, 51, 1, 3 and the short boot options 43, 60, 175) always fits and always stays.
 */
const leftOutFirst: readonly OptionName[] = [
  'domainSearch',
  'timeServers',
  'logServers',
  'broadcastAddress',
  'message',
  'domainName',
  'hostName',
  'staticRoutes',
  'nameServers',
  'clientUuid',
  'clientId',
  'tftpServerName',
  'relayInfo',
  'bootFileName',
  'routers',
];

/** Their codes, as `encode` wants them. */
export const leftOutCodes: readonly number[] = leftOutFirst.map((name) => optionTable[name].code);
