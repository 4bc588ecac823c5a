import { Server, type ServerWritableStream, status } from '@grpc/grpc-js';
import { BootService } from '#shared/events/contract.ts';
import type { Boot } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { BootServiceHandlers } from '#shared/generated/smee/boot/v1/BootService.ts';
import type { Gap } from '#shared/generated/smee/boot/v1/Gap.ts';
import type { ListBootsRequest__Output } from '#shared/generated/smee/boot/v1/ListBootsRequest.ts';
import type { WatchEventsRequest__Output as WatchRequest } from '#shared/generated/smee/boot/v1/WatchEventsRequest.ts';
import type { WatchEventsResponse } from '#shared/generated/smee/boot/v1/WatchEventsResponse.ts';
import { bindServer } from './bind-server.ts';

type Watcher = ServerWritableStream<WatchRequest, WatchEventsResponse>;

/**
 * A boot service whose watch a test conducts, over real gRPC: it remembers the events that it was told, and can be stopped and
 * started again on the same port.
 */
export class ScriptedBoots implements AsyncDisposable {
  /** What each watch asked for, in order. */
  readonly asked: { readonly machine: string | undefined; readonly afterId: number | undefined }[] = [];
  /** What each list asked for, in order. */
  readonly listed: ListBootsRequest__Output[] = [];
  readonly boots: Boot[] = [];
  readonly gaps: Gap[] = [];
  readonly #events: (BootEvent & { readonly id: number })[] = [];
  readonly #watchers = new Set<Watcher>();
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<ScriptedBoots> {
    const service = new ScriptedBoots();
    await service.start();
    return service;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  async start(): Promise<void> {
    const server = new Server();
    const handlers: Partial<BootServiceHandlers> = {
      ListBoots: ({ request }, answer) => {
        this.listed.push(request);
        const boots = this.boots.filter(
          ({ state }) => request.states.length === 0 || request.states.some((one) => one === state),
        );
        answer(null, { boots, gaps: this.gaps, summary: { lastEventId: this.#events.at(-1)?.id ?? 0 } });
      },
      GetBoot: ({ request }, answer) => {
        const { machine } = request;
        const boot = this.boots.find((one) => one.machine?.name === machine || one.machine?.mac === machine);
        if (boot === undefined) answer({ code: status.NOT_FOUND, details: 'no such boot' });
        else {
          const events = this.#events.filter(({ bootId }) => bootId === boot.id);
          answer(null, { boot, events, gaps: this.gaps });
        }
      },
      WatchEvents: (call) => this.#watch(call),
    };
    server.addService(BootService.service, handlers as BootServiceHandlers);
    this.#port = await bindServer(server, this.#port);
    this.#server = server;
  }

  /** At once, as a killed process. */
  async stop(): Promise<void> {
    this.#server?.forceShutdown();
    this.#server = undefined;
    this.#watchers.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Stores an event, and tells it to who watches, with the boot as it is then. */
  tell(event: BootEvent, ...boots: readonly Boot[]): void {
    const stored = { ...event, id: (this.#events.at(-1)?.id ?? 0) + 1 };
    this.#events.push(stored);
    for (const watcher of this.#watchers) watcher.write({ events: [stored], boots: [...boots] });
  }

  /** Ends every watch, with this status; the server lives on. */
  breakOff(code: status): void {
    for (const watcher of this.#watchers) watcher.emit('error', { code, details: 'broken off' });
    this.#watchers.clear();
  }

  #watch(call: Watcher): void {
    const { machine, afterId = 0, sinceUnixMilli: since = 0 } = call.request;
    this.asked.push({ machine, afterId });
    if (machine === 'nobody') {
      call.emit('error', { code: status.NOT_FOUND, details: 'no such machine' });
      return;
    }
    this.#watchers.add(call);
    call.on('close', () => this.#watchers.delete(call));
    const missed = this.#events.filter(({ id, timeUnixMilli }) =>
      afterId === 0 ? Number(timeUnixMilli) >= since : id > afterId,
    );
    if (missed.length > 0) call.write({ events: missed, boots: [] });
  }
}
