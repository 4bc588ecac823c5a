import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { resolveAsset } from '#shared/assets/route.ts';
import type { BootEvent } from '#shared/events/event.ts';
import type { RepeatedEvents } from '#shared/events/repeated-events.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { Site } from '#shared/script/authority.ts';
import type { Tracing } from '#shared/trace/tracing.ts';
import type { Account, Arrival } from './account.ts';
import type { HttpSettings } from './config.ts';
import { areaOf } from './decide/area.ts';
import { siteOf } from './handlers/asked.ts';
import { answerScript } from './handlers/script.ts';
import type { HttpMetrics } from './metrics.ts';
import { type RememberedScript, ScriptMemory } from './script-memory.ts';
import { plainHost } from './wire/plain-request.ts';
import { clientAddress } from './wire/request.ts';

export interface ScriptParts {
  readonly settings: HttpSettings;
  readonly machines: Machines;
  readonly metrics: HttpMetrics;
  readonly account: Account;
  readonly stopping: () => boolean;
  /** undefined when there is no tracing. */
  readonly tracing: Tracing | undefined;
  /** undefined when the hardware service is told nothing. */
  readonly repeated: RepeatedEvents | undefined;
}

/** The targets that DHCP sends machines to, and iPXE by itself: nothing in them has to be decoded. */
const scriptTarget = /^\/(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\/)?auto(?:exec)?\.ipxe$/i;

const noLoaders: ReadonlySet<string> = new Set();

/**
 * Scripts for known machines that ask as boot clients do, past the framework, which takes longer than all that is decided: after a
 * power cut every machine asks for one. What is decided, said, told and counted is the same, by the same functions. Whatever is
 * not just that (a refusal, an unknown field, a proxy, a trace) is left to the routes (docs/decisions/0011).
 */
export class DirectScripts {
  readonly #parts: ScriptParts;
  readonly #memory: ScriptMemory;

  constructor(parts: ScriptParts) {
    this.#parts = parts;
    this.#memory = new ScriptMemory(parts.machines);
  }

  /** Answers, or is false: then nothing has been done. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '', rawHeaders, socket } = request;
    const { stopping, tracing } = this.#parts;
    if (method !== 'GET' || !scriptTarget.test(url) || tracing !== undefined || stopping()) return false;
    const askedAt = performance.now();
    const { remoteAddress } = socket;
    const host = plainHost(rawHeaders);
    // Without a Host it is the address that was connected to which decides.
    if (!host || remoteAddress === undefined) return false;
    const scheme = socket instanceof TLSSocket ? 'https' : 'http';

    const script = this.#find(`${scheme} ${url} ${host}`, remoteAddress, () =>
      this.#decide(url, clientAddress(remoteAddress), siteOf(host, socket, scheme)),
    );
    if (script === undefined) return false;
    const peer = `${remoteAddress}:${socket.remotePort}`;
    const client = script.client ?? clientAddress(remoteAddress);
    this.#send({ askedAt, peer, client, method, url, headers: {} }, remoteAddress, response, script);
    return true;
  }

  /** The remembered one, or what is decided now. A mistake of ours is for the routes to run into: they tell of it. */
  #find(
    asked: string,
    from: string,
    decide: () => RememberedScript | undefined,
  ): RememberedScript | undefined {
    try {
      const remembered = this.#memory.find(asked, from);
      if (remembered !== undefined) return remembered;
      const script = decide();
      if (script !== undefined) this.#memory.keep(asked, from, script);
      return script;
    } catch {
      return undefined;
    }
  }

  #decide(url: string, client: Ip4 | undefined, here: Site | undefined): RememberedScript | undefined {
    const { settings, machines } = this.#parts;
    const area = areaOf(url, settings);
    // Where other routes are open, too, they may come first.
    if (area === undefined || area.open.size !== 1 || !area.open.has('script')) return undefined;
    const { path, open } = area;
    const shelf = { loaders: noLoaders, machines, hasAssets: false, open, mode: settings.dhcpMode };
    const asset = resolveAsset(path, client, shelf);
    if ('why' in asset || asset.kind !== 'script' || asset.machine === undefined) return undefined;
    const { machine } = asset;
    const { body, ...answer } = answerScript(asset, path.mac, { here }, settings);
    if (answer.why !== 'ok' || typeof body !== 'string') return undefined;
    const named = path.mac !== undefined;
    return { answer, body: Buffer.from(body), machine, client: named ? undefined : client };
  }

  #send(arrival: Arrival, from: string, response: ServerResponse, script: RememberedScript): void {
    const { account, metrics, stopping } = this.#parts;
    const { answer, body } = script;
    const { length } = body;
    const { socket } = response;
    metrics.inFlight.inc();
    metrics.jobs.begun(answer.said);
    response.once('close', () => {
      metrics.inFlight.dec();
      const fields = { getHeader: (name: string) => (name === 'content-length' ? length : undefined) };
      if (response.writableFinished) {
        const tell = (event: () => BootEvent) => this.#tell(script, from, event, arrival.askedAt);
        account.ended(arrival, fields, answer, length, undefined, tell);
      } else account.ended(arrival, fields, { ...answer, why: 'aborted' }, 0, undefined);
      if (stopping()) socket?.end();
    });
    response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
    response.end(body);
  }

  /** To tell of it takes as long as to answer it: who asks again and again is counted, and the last of them is told of. */
  #tell(script: RememberedScript, from: string, event: () => BootEvent, askedAt: number): void {
    const { repeated } = this.#parts;
    if (repeated === undefined) return;
    if (script.told === undefined) script.told = repeated.tell(event());
    else {
      if (script.askedFrom !== from) script.told.event = event();
      repeated.again(script.told, 0, askedAt);
    }
    script.askedFrom = from;
  }
}
