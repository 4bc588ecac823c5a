import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Server, type ServerWritableStream, status } from '@grpc/grpc-js';
import type { HostPort } from '#shared/config.ts';
import type { HardwareEvent } from '#shared/generated/smee/hardware/v1/HardwareEvent.ts';
import type { HardwareServiceHandlers } from '#shared/generated/smee/hardware/v1/HardwareService.ts';
import type { WatchHardwareRequest__Output as WatchRequest } from '#shared/generated/smee/hardware/v1/WatchHardwareRequest.ts';
import type { WatchHardwareResponse } from '#shared/generated/smee/hardware/v1/WatchHardwareResponse.ts';
import type { Position } from '#shared/hardware/client.ts';
import { type HardwareInput, HardwareService } from '#shared/hardware/contract.ts';
import { bindServer } from './bind-server.ts';

type Watcher = ServerWritableStream<WatchRequest, WatchHardwareResponse>;

/**
 * A hardware service whose watch a test conducts: records and history of its own, over real gRPC. It can be stopped and
 * started again on the same port, and given another store.
 */
export class ScriptedHardware implements AsyncDisposable {
  /** Change it to be another store. */
  storeId = 'store-1';
  revision = 0;
  /** Revisions up to here are forgotten: a watcher from before gets OUT_OF_RANGE. */
  forgotten = 0;
  /** A snapshot stops before its SYNCED while this is false. */
  syncs = true;
  /** What each watch asked for, in order. */
  readonly asked: Position[] = [];
  /** Authorization of each watch. */
  readonly tokens: unknown[] = [];
  readonly records = new Map<string, HardwareInput>();
  readonly #history: HardwareEvent[] = [];
  readonly #watchers = new Set<Watcher>();
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<ScriptedHardware> {
    const service = new ScriptedHardware();
    await service.start();
    return service;
  }

  get address(): HostPort {
    return { host: '127.0.0.1', port: this.#port };
  }

  async start(): Promise<void> {
    const server = new Server();
    const handlers: Pick<HardwareServiceHandlers, 'WatchHardware'> = {
      WatchHardware: (call) => this.#watch(call),
    };
    server.addService(HardwareService.service, handlers);
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

  put(hardware: HardwareInput & { readonly name: string }): void {
    const type = this.records.has(hardware.name) ? 'MODIFIED' : 'ADDED';
    const record = { ...hardware, revision: ++this.revision };
    this.records.set(hardware.name, record);
    this.#tell({ type, hardware: record, revision: this.revision });
  }

  remove(name: string): void {
    this.records.delete(name);
    this.#tell({ type: 'DELETED', hardware: { name, revision: ++this.revision }, revision: this.revision });
  }

  /** Ends every watch, with this status; the server lives on. */
  breakOff(code: status = status.UNAVAILABLE): void {
    for (const watcher of this.#watchers) watcher.emit('error', { code, details: 'broken off' });
    this.#watchers.clear();
  }

  /** A batch as the test wants it. */
  send(batch: WatchHardwareResponse): void {
    for (const watcher of this.#watchers) watcher.write(batch);
  }

  #tell(event: HardwareEvent): void {
    this.#history.push(event);
    this.send({ storeId: this.storeId, events: [event] });
  }

  #watch(call: Watcher): void {
    const { storeId = '', sinceRevision = 0 } = call.request;
    this.asked.push({ storeId, revision: sinceRevision });
    this.tokens.push(call.metadata.get('authorization')[0]);
    if (sinceRevision > 0 && !this.#continues(storeId, sinceRevision)) {
      call.emit('error', { code: status.OUT_OF_RANGE, details: 'cannot be continued' });
      return;
    }
    const events: HardwareEvent[] =
      sinceRevision === 0
        ? Array.from(this.records.values(), (hardware) => ({
            type: 'ADDED',
            hardware,
            revision: hardware.revision ?? 0,
          }))
        : this.#history.filter(({ revision }) => Number(revision) > sinceRevision);
    for (let at = 0; at < events.length; at += 256) {
      call.write({ storeId: this.storeId, events: events.slice(at, at + 256) });
    }
    this.#watchers.add(call);
    call.on('close', () => this.#watchers.delete(call));
    if (this.syncs) {
      call.write({ storeId: this.storeId, events: [{ type: 'SYNCED', revision: this.revision }] });
    }
  }

  #continues(storeId: string, since: number): boolean {
    return storeId === this.storeId && since <= this.revision && since >= this.forgotten;
  }
}

/** Accepts connections and never says a word: a hung server. */
export async function hangingServer(): Promise<
  AsyncDisposable & { readonly address: HostPort; connections(): number }
> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    address: { host: '127.0.0.1', port: typeof bound === 'object' ? bound!.port : 0 },
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
