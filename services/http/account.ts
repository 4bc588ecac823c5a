import type { FastifyRequest } from 'fastify';
import type { BootEvent, Reporter, Stage } from '#shared/events/event.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { formatIp4 } from '#shared/ip4.ts';
import type { Log } from '#shared/log.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { Tracing } from '#shared/trace/tracing.ts';
import type { Answer } from './handlers/answer.ts';
import type { HttpMetrics } from './metrics.ts';
import type { WholeFiles } from './whole/whole-files.ts';
import { parentOf } from './wire/request.ts';

export interface Accounts {
  readonly log: Log;
  readonly metrics: HttpMetrics;
  readonly machines: Pick<Machines, 'byMac'>;
  /** undefined when there is no tracing. */
  readonly tracing: Tracing | undefined;
  /** undefined when the hardware service is told nothing. */
  readonly reporter: Reporter | undefined;
  readonly wholeFiles: WholeFiles;
}

/** Of a request, what is said of it. */
export type Arrival = Pick<FastifyRequest, 'askedAt' | 'peer' | 'client' | 'method' | 'url' | 'headers'>;

/** Of an answer that is sent, the fields of its head, by their names in lower case. */
export interface Fields {
  getHeader(name: string): number | string | readonly string[] | undefined;
}

/** What is said of it, whatever it holds. */
type Said = Omit<Answer, 'body'>;

/** What a machine is told of, beside its answer, when it got all of a file that is not whole. */
const truncated = { outcome: 'no', why: 'file-truncated', ms: 0 } as const;

/** Lines about strangers that are refused; machines that we know always get theirs. */
const strangers = { perSecond: 20, burst: 200 };

/**
 * What is said of an answer when its last byte has left or the client has gone: one line, one span, one event, and the metrics.
 * And the event of one that takes long, while it is on its way.
 */
export function accountant({ log, metrics, machines, tracing, reporter, wholeFiles }: Accounts) {
  const limit = new RateLimit(strangers.perSecond, strangers.burst);

  const eventFor = (head: Fields, request: Arrival, line: Line): BootEvent => {
    const { mac } = line;
    const name = mac && machines.byMac(mac)?.name;
    return { ...eventOf(request, line), name, details: detailsOf(head, line) };
  };

  /** @param bytes of the body that were sent so far; undefined when that is not known */
  const soFar = (request: Arrival, head: Fields, answer: Said, bytes: number | undefined): BootEvent =>
    eventFor(head, request, lineOf(request, answer, bytes, performance.now() - request.askedAt));

  /**
   * @param bytes of the body that were sent
   * @param fetch the id under which it was told to be on its way
   * @param tell who tells of it instead
   */
  const ended = (
    request: Arrival,
    head: Fields,
    answer: Said,
    bytes: number,
    fetch: string | undefined,
    tell = (event: () => BootEvent) => reporter?.tell({ ...event(), fetch }),
  ): void => {
    const { said, status, mac, why } = answer;
    const ms = performance.now() - request.askedAt;
    metrics.answers.inc({ said, status, why });
    metrics.bytes.inc({ said }, bytes);
    metrics.seconds.observe({ said }, ms / 1000);
    metrics.jobs.done(said, ms / 1000);
    const line = lineOf(request, answer, bytes, ms);
    const isRoutine = answer.routine === true && why === 'ok';
    if (!isRoutine) {
      let made: BootEvent | undefined;
      const event = () => {
        made ??= eventFor(head, request, line);
        return made;
      };
      tell(event);
      if (answer.file !== undefined && why === 'ok') {
        const servedAt = Date.now();
        wholeFiles.served(answer.file, () => reporter?.tell({ ...event(), ...truncated, at: servedAt }));
      }
    }
    const stranger = mac === undefined || why === 'unknown-machine';
    if (why !== 'ok' && stranger && !limit.allow()) return;
    trace(tracing, request, line);
    const suppressed = limit.takeSuppressed() || undefined;
    log[isRoutine ? 'debug' : 'info']({ ...line, suppressed }, 'answered');
  };
  return { soFar, ended };
}

export type Account = ReturnType<typeof accountant>;

type Line = ReturnType<typeof lineOf>;

function lineOf({ peer, method, url }: Arrival, answer: Said, bytes: number | undefined, ms: number) {
  const { mac, said, status, why, detail } = answer;
  return {
    mac,
    peer,
    method,
    // No query: it may hold a token.
    file: url.split('?', 1)[0],
    said,
    status,
    bytes,
    ms: Math.round(ms * 10) / 10,
    why,
    detail,
  };
}

function eventOf(request: Arrival, { mac, said, why, method, ms }: Line): Omit<BootEvent, 'details'> {
  const asked = method === 'HEAD' ? 'heard' : 'yes';
  return {
    // Not from the process's own origin: the clock may have been set since then.
    at: Date.now() - ms,
    mac,
    address: request.client === undefined ? undefined : formatIp4(request.client),
    stage: stageOf(said),
    outcome: why === 'ok' ? asked : 'no',
    why,
    said,
    ms,
    traceId: contextOf(request)?.traceId,
  };
}

function detailsOf(head: Fields, { peer, method, file, status, bytes, detail }: Line): BootEvent['details'] {
  const [, total] = /\/(\d+)$/.exec(String(head.getHeader('content-range') ?? '')) ?? [];
  const size = total ?? head.getHeader('content-length');
  return { peer, method, file, status, bytes, detail, size: size === undefined ? undefined : String(size) };
}

function stageOf(said: Answer['said']): Stage {
  if (said === 'phone-home') return 'os';
  return said === 'iso' ? 'iso' : 'http';
}

/** The exchange or request that named the URL, as far as that says so. */
function contextOf({ url, headers }: Arrival) {
  const { traceparent: header } = headers;
  return parentOf(url, typeof header === 'string' ? header : undefined);
}

/** A child of what named the URL. */
function trace(tracing: Tracing | undefined, request: Arrival, line: Line): void {
  if (tracing === undefined) return;
  const { said, peer, method, file, mac, why, status, bytes } = line;
  const span = tracing.begin(`HTTP ${said}`, { parent: contextOf(request), since: request.askedAt });
  span.end(
    {
      'smee.peer': peer,
      'http.request.method': method,
      'url.path': file,
      'smee.mac': mac,
      'smee.why': why,
      'http.response.status_code': status,
      'http.response.body.size': bytes,
    },
    status >= 500,
  );
}
