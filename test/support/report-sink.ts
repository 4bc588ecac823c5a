import { Server, type ServerReadableStream, status } from '@grpc/grpc-js';
import type { HostPort } from '#shared/config.ts';
import { BootService } from '#shared/events/contract.ts';
import type { BootEvent__Output } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { BootServiceHandlers } from '#shared/generated/smee/boot/v1/BootService.ts';
import type { Hello__Output } from '#shared/generated/smee/boot/v1/Hello.ts';
import type { ReportEventsRequest__Output as Message } from '#shared/generated/smee/boot/v1/ReportEventsRequest.ts';
import { bindServer } from './bind-server.ts';

type Call = ServerReadableStream<Message, object>;

/** The hardware service's side of `ReportEvents`, as a test wants it: it can be stopped, started on the same port, and stall. */
export class ReportSink implements AsyncDisposable {
  readonly messages: Message[] = [];
  /** Streams that were ended by their reporter. */
  finished = 0;
  /** Accepts streams and reads nothing. */
  stalls = false;
  readonly tokens: unknown[] = [];
  #server: Server | undefined;
  readonly #calls = new Set<Call>();
  #port = 0;

  static async start(): Promise<ReportSink> {
    const service = new ReportSink();
    await service.start();
    return service;
  }

  get address(): HostPort {
    return { host: '127.0.0.1', port: this.#port };
  }

  get hellos(): Hello__Output[] {
    return this.messages.flatMap(({ hello }) => hello ?? []);
  }

  get events(): BootEvent__Output[] {
    return this.messages.flatMap(({ events }) => events);
  }

  get dropped(): number {
    return this.messages.reduce((sum, { dropped = 0 }) => sum + dropped, 0);
  }

  /** What it says of events that are missing. */
  get gaps() {
    return this.messages
      .flatMap(({ gap }) => gap ?? [])
      .map(({ events, fromUnixMilli, toUnixMilli }) => ({ events, fromUnixMilli, toUnixMilli }));
  }

  async start(): Promise<void> {
    const server = new Server();
    const handlers: Pick<BootServiceHandlers, 'ReportEvents'> = {
      ReportEvents: (call, done) => {
        this.tokens.push(call.metadata.get('authorization')[0]);
        this.#calls.add(call);
        call.on('error', () => {}).on('close', () => this.#calls.delete(call));
        if (this.stalls) return;
        call.on('data', (message: Message) => this.messages.push(message));
        call.on('end', () => {
          this.finished++;
          done(null, { received: this.events.length });
        });
      },
    };
    server.addService(BootService.service, handlers);
    this.#port = await bindServer(server, this.#port);
    this.#server = server;
  }

  /** Ends every stream with this status; the server lives on. */
  breakOff(code: status = status.UNAVAILABLE): void {
    for (const call of this.#calls) call.emit('error', { code, details: 'broken off' });
    this.#calls.clear();
  }

  /** At once, as a killed process. */
  async stop(): Promise<void> {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
