import { parseAssetPath } from '#shared/assets/route.ts';
import type { BootEvent } from '#shared/events/event.ts';
import { type Fetch, FetchesUnderWay } from '#shared/events/fetches.ts';
import { formatIp4 } from '#shared/ip4.ts';
import type { Mac } from '#shared/mac.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import { parseTraceparent } from '#shared/trace/context.ts';
import type { Origin, ReadRequestsParts } from './read-requests.ts';
import type { Outcome } from './transfer.ts';
import type { Request } from './wire/packet.ts';

interface Begun {
  readonly request: Request;
  readonly origin: Origin;
  readonly mac: Mac | undefined;
  /** In milliseconds of `performance.now()`. */
  readonly since: number;
}

/** One request under way. */
export interface Asked extends Begun {
  /** Undefined when nobody is told while it lasts. */
  readonly fetch: Fetch | undefined;
}

/** Longer names are cut in the log. */
const longestName = 200;

/** What is said of each request when it is over: one line, one span, one event, and the metrics. */
export class Accounts {
  readonly #parts: ReadRequestsParts;
  readonly #active: () => number;
  readonly #fetches: FetchesUnderWay | undefined;
  /** Lines about requests that came to nothing. */
  readonly #failures = new RateLimit(100, 500);

  /** @param active transfers under way */
  constructor(parts: ReadRequestsParts, active: () => number) {
    this.#parts = parts;
    this.#active = active;
    const { reporter } = parts;
    this.#fetches = reporter && new FetchesUnderWay((event) => reporter.tell(event));
  }

  /** @param at whose address it comes from @param soFar of a transfer: what it has done until now */
  begun(request: Request, origin: Origin, at: Mac | undefined, soFar?: () => Outcome): Asked {
    this.#parts.metrics.jobs.begun(jobOf(request));
    const mac = parseAssetPath(request.file).mac ?? at;
    const asked = { request, origin, mac, since: performance.now() };
    const fetch = soFar && this.#fetches?.begin(() => this.#underWay(asked, soFar()));
    return { ...asked, fetch };
  }

  ended(asked: Asked, outcome: Outcome): void {
    const { log, metrics } = this.#parts;
    const { request } = asked;
    const { why, bytes, retransmits } = outcome;
    const ms = Math.round(performance.now() - asked.since);
    metrics.jobs.done(jobOf(request), ms / 1000);
    metrics.requests.inc({ why });
    metrics.bytes.inc(bytes);
    metrics.retransmits.inc(retransmits);
    metrics.active.set(this.#active());
    const fields = fieldsOf(asked, outcome, ms);
    const fetch = asked.fetch?.end();
    this.#parts.reporter?.tell({ ...this.#eventOf(asked, outcome, fields), fetch });
    if (why === 'ok') metrics.duration.observe(ms / 1000);
    else if (why !== 'size-probe' && !this.#failures.allow()) return;
    this.#trace(asked, fields);
    const suppressed = this.#failures.takeSuppressed() || undefined;
    log.info({ ...fields, suppressed }, request.op === 'WRQ' ? 'write request' : 'read request');
  }

  #underWay(asked: Begun, outcome: Outcome): BootEvent {
    // What was sent twice is no more of the file.
    const bytes = Math.min(outcome.bytes, outcome.size ?? 0);
    const ms = Math.round(performance.now() - asked.since);
    return this.#eventOf(asked, outcome, fieldsOf(asked, { ...outcome, bytes }, ms));
  }

  #eventOf({ origin, request }: Begun, { size }: Outcome, fields: Fields): BootEvent {
    const { mac, said, why, ms, ...details } = fields;
    return {
      // Not from the process's own origin: the clock may have been set since then.
      at: Date.now() - ms,
      mac,
      name: mac && this.#parts.shelves.machines.byMac(mac)?.name,
      address: formatIp4(origin.address),
      stage: 'tftp',
      outcome: why === 'ok' ? 'yes' : why === 'size-probe' ? 'heard' : 'no',
      why,
      said,
      details: { ...details, size },
      ms,
      traceId: traceOf(request)?.traceId,
    };
  }

  /** A child of the DHCP exchange that named the file, as the name itself says. */
  #trace({ request, since }: Asked, { mac, why, peer, ...about }: Fields): void {
    const { tracing } = this.#parts;
    if (tracing === undefined) return;
    const span = tracing.begin(`TFTP ${request.op}`, { parent: traceOf(request), since });
    const attributes = {
      'smee.peer': peer,
      'tftp.file': about.file,
      'tftp.bytes': about.bytes,
      'tftp.retransmits': about.retransmits,
      'tftp.blksize': about.blksize,
      'tftp.windowsize': about.windowsize,
      'smee.mac': mac,
      'smee.why': why,
    };
    span.end(attributes, why !== 'ok' && why !== 'size-probe');
  }
}

type Fields = ReturnType<typeof fieldsOf>;

function fieldsOf({ request, origin, mac }: Begun, outcome: Outcome, ms: number) {
  const { why, bytes, retransmits, terms } = outcome;
  return {
    mac,
    peer: `${formatIp4(origin.address)}:${origin.port}`,
    said: terms === undefined ? 'ERROR' : 'DATA',
    why,
    file: nameOf(request),
    bytes,
    ms,
    retransmits,
    blksize: terms?.blockSize,
    windowsize: terms?.windowSize,
  };
}

function traceOf({ file }: Request) {
  return parseTraceparent(parseAssetPath(file).traceparent ?? '');
}

function jobOf({ op }: Request): string {
  return op === 'RRQ' ? 'read' : 'write';
}

/** The file's name, as far as it is shown. */
export function nameOf({ file }: Request): string {
  return file.length > longestName ? `${file.slice(0, longestName)}…` : file;
}
