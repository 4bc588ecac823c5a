import { lookup } from 'node:dns';
import { Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Range } from '../wire/range.ts';
import { nextHop } from '../wire/redirect.ts';
import { asUpstreamError, UpstreamError } from './failure.ts';
import { type UpstreamLimits, upstreamLimits } from './limits.ts';
import { type Nearness, nearnessOf } from './reach.ts';

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * One URL of an operator, and the connections to where it leads. They are kept open: a mount of 3 000 requests takes one.
 *
 * `node:http`, and no larger client: what matters here is what happens between two hops and before a connection, and it gives
 * both into our hands (each redirect is ours to follow, each look-up ours to judge), with streams and kept connections.
 *
 * A redirect is checked like a new request: http or https only, never from https to http, to no address nearer to this host
 * than the one that the operator's URL led to (from the Internet into this network, from the network to this host), and without
 * the credentials of another origin. Names are judged by the address that is connected to, so a name that changes gains nothing.
 */
export class Upstream implements Disposable {
  readonly #url: URL;
  readonly #limits: UpstreamLimits;
  readonly #nearnessOf: typeof nearnessOf;
  readonly #agents: { readonly 'http:': Agent; readonly 'https:': TlsAgent };
  /** Where the last redirect led, asked first until it no longer answers as it should. */
  #final: URL | undefined;
  /** How near the operator's own URL is. */
  #nearest: Nearness | undefined;

  /** @param nearness of an address; undefined: nothing is fetched from it */
  constructor(url: URL, limits: UpstreamLimits = upstreamLimits, nearness = nearnessOf) {
    this.#url = url;
    this.#nearnessOf = nearness;
    this.#limits = limits;
    const options = { keepAlive: true, maxSockets: limits.connections, timeout: 60_000 };
    this.#agents = { 'http:': new Agent(options), 'https:': new TlsAgent(options) };
  }

  /**
   * The answer to a GET, of a range or of the whole, behind all redirects. Its status is 200, 206 or 416; whoever gets it reads
   * it or destroys it.
   * @throws {UpstreamError}
   */
  async get(range?: Range, signal?: AbortSignal): Promise<IncomingMessage> {
    const remembered = this.#final;
    if (remembered !== undefined) {
      try {
        return accepted(await this.#follow(remembered, range, signal));
      } catch (error) {
        if (signal?.aborted) throw error;
        // It has expired, or is down: by now the operator's URL may lead elsewhere.
        if (this.#final === remembered) this.#final = undefined;
      }
    }
    return accepted(await this.#follow(this.#url, range, signal));
  }

  /** Breaks off what is under way. */
  [Symbol.dispose](): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  async #follow(first: URL, range?: Range, signal?: AbortSignal): Promise<IncomingMessage> {
    let url = first;
    for (let hop = 0; hop <= this.#limits.redirects; hop++) {
      const answer = await this.#ask(url, range, signal);
      if (url === this.#url) this.#nearest ??= this.#nearnessOf(answer.socket.remoteAddress ?? '') ?? 0;
      if (!redirects.has(answer.statusCode ?? 0)) {
        if (url !== this.#url) this.#final = url;
        return answer;
      }
      answer.destroy();
      const next = nextHop(url, answer.headers.location);
      if ('why' in next) throw new UpstreamError(next.why, next.detail);
      url = next;
    }
    throw new UpstreamError('redirect-refused', `more than ${this.#limits.redirects} redirects`);
  }

  async #ask(url: URL, range?: Range, signal?: AbortSignal, tries = 3): Promise<IncomingMessage> {
    try {
      return await this.#once(url, range, signal);
    } catch (error) {
      // The upstream closed a kept connection just as it was taken again: nothing was answered on it.
      if (error instanceof LostConnection && tries > 1) return await this.#ask(url, range, signal, tries - 1);
      throw asUpstreamError(error);
    }
  }

  async #once(url: URL, range?: Range, signal?: AbortSignal): Promise<IncomingMessage> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0) this.#judge(host, url);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const secure = url.protocol === 'https:';
    const request: ClientRequest = (secure ? tlsRequest : plainRequest)(url, {
      agent: secure ? this.#agents['https:'] : this.#agents['http:'],
      lookup: this.#lookup(url),
      ...this.#credentials(url),
      ...(signal === undefined ? {} : { signal }),
      headers: {
        'accept-encoding': 'identity',
        ...(range === undefined ? {} : { range: `bytes=${range.start}-${range.end - 1}` }),
      },
    });
    const timer = setTimeout(
      () => request.destroy(new UpstreamError('upstream-timeout', 'no answer in time')),
      this.#limits.answer,
    );
    request.once('response', resolve);
    // Also after the answer: what breaks then is told by the answer's own stream.
    request.on('error', (error: Error & { code?: string }) => {
      const lost = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      reject(lost ? new LostConnection() : error);
    });
    request.end();
    return await promise.finally(() => clearTimeout(timer));
  }

  /** Those of the operator's URL, for its own origin only: a redirect brings none. */
  #credentials(url: URL): { auth: string } | undefined {
    const { username, password, origin } = this.#url;
    if (username === '' || url.origin !== origin) return undefined;
    return { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` };
  }

  #lookup(url: URL): LookupFunction {
    return (host, options, done) => {
      lookup(host, { ...options, all: true }, (error, found) => {
        if (error !== null) return done(error, []);
        try {
          for (const { address } of found) this.#judge(address, url);
        } catch (refused) {
          return done(asUpstreamError(refused), []);
        }
        const [first] = found;
        if (options.all === true) done(null, found);
        else done(null, first?.address ?? '', first?.family);
      });
    };
  }

  /** @throws {UpstreamError} when nothing may be fetched from this address */
  #judge(address: string, url: URL): void {
    const nearness = this.#nearnessOf(address);
    if (nearness === undefined) throw new UpstreamError('redirect-refused', 'an address for no ISO');
    if (url === this.#url || nearness <= (this.#nearest ?? 0)) return;
    throw new UpstreamError('redirect-refused', 'an address nearer to this host than the one before');
  }
}

class LostConnection extends Error {}

function accepted(answer: IncomingMessage): IncomingMessage {
  const { statusCode = 0, headers } = answer;
  const encoded = (headers['content-encoding'] ?? 'identity') !== 'identity';
  if ([200, 206, 416].includes(statusCode) && !encoded) return answer;
  answer.destroy();
  throw new UpstreamError('upstream-error', encoded ? 'an encoded body' : `status ${statusCode}`);
}
