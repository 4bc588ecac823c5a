import { Server, type ServerWritableStream, status } from '@grpc/grpc-js';
import { BootService } from '#shared/events/contract.ts';
import type { Boot } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { BootServiceHandlers } from '#shared/generated/smee/boot/v1/BootService.ts';
import type { ExplainBootResponse } from '#shared/generated/smee/boot/v1/ExplainBootResponse.ts';
import type { ListBootsRequest__Output as ListRequest } from '#shared/generated/smee/boot/v1/ListBootsRequest.ts';
import type { WatchEventsRequest__Output as WatchRequest } from '#shared/generated/smee/boot/v1/WatchEventsRequest.ts';
import type { WatchEventsResponse } from '#shared/generated/smee/boot/v1/WatchEventsResponse.ts';
import type { HardwareServiceHandlers } from '#shared/generated/smee/hardware/v1/HardwareService.ts';
import { type HardwareInput, HardwareService } from '#shared/hardware/contract.ts';
import { bindServer } from './bind-server.ts';

type Watcher = ServerWritableStream<WatchRequest, WatchEventsResponse>;

/**
 * A hardware service whose boots a test conducts: what it says has happened, over real gRPC, with records that can be read and
 * applied. It can be stopped and started again on the same port.
 */
export class ConductedBoots implements AsyncDisposable {
  readonly boots = new Map<number, Boot>();
  readonly events: BootEvent[] = [];
  readonly records = new Map<string, HardwareInput>();
  explanation: ExplainBootResponse = { boots: true };
  /** How often each rpc was called. */
  readonly calls: Record<string, number> = {};
  readonly #watchers = new Set<Watcher>();
  #server: Server | undefined;
  #revision = 0;
  port = 0;

  static async start(): Promise<ConductedBoots> {
    const service = new ConductedBoots();
    await service.start();
    return service;
  }

  async start(): Promise<void> {
    const server = new Server();
    server.addService(BootService.service, this.#bootHandlers());
    server.addService(HardwareService.service, this.#recordHandlers());
    this.port = await bindServer(server, this.port);
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

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Keeps boots and events, and tells them: events get the next ids. */
  happen(boots: readonly (Boot & { readonly id: number })[], events: readonly BootEvent[] = []): void {
    for (const boot of boots) this.boots.set(boot.id, boot);
    const numbered = events.map((event, at) => ({ ...event, id: this.events.length + at + 1 }));
    this.events.push(...numbered);
    for (const watcher of this.#watchers) watcher.write({ events: numbered, boots: [...boots] });
  }

  put(record: HardwareInput & { readonly name: string }): void {
    this.records.set(record.name, { ...record, revision: ++this.#revision });
  }

  #bootHandlers(): BootServiceHandlers {
    return {
      ListBoots: (call, respond) => {
        this.#count('ListBoots');
        respond(null, this.#list(call.request));
      },
      GetBoot: ({ request }, respond) => {
        const found = this.#newestFirst().filter(({ id, machine }) =>
          request.machine === undefined
            ? id === request.id
            : [machine?.mac, machine?.name, machine?.address].includes(request.machine),
        );
        const [boot, ...others] = found;
        if (boot === undefined) return respond({ code: status.NOT_FOUND, details: 'no such boot' });
        return respond(null, {
          boot,
          events: this.events.filter(({ bootId }) => bootId === boot.id),
          others,
        });
      },
      WatchEvents: (call) => {
        this.#count('WatchEvents');
        const { afterId = 0 } = call.request;
        const missed = this.events.filter(({ id }) => Number(id) > afterId);
        if (afterId > 0 && missed.length > 0) call.write({ events: missed, boots: [...this.boots.values()] });
        this.#watchers.add(call);
        call.on('cancelled', () => this.#watchers.delete(call));
      },
      ExplainBoot: (_call, respond) => respond(null, this.explanation),
      ReportEvents: (_call, respond) => respond({ code: status.UNIMPLEMENTED, details: 'a test conducts' }),
    };
  }

  #recordHandlers(): Pick<HardwareServiceHandlers, 'GetHardware' | 'ListHardware' | 'ApplyHardware'> {
    return {
      GetHardware: ({ request }, respond) => {
        this.#count('GetHardware');
        const found = [...this.records.values()].find(
          ({ name, interfaces = [] }) =>
            name === request.name ||
            interfaces.some(({ dhcp }) => dhcp?.mac === request.mac || dhcp?.ip?.address === request.ip),
        );
        if (found === undefined) respond({ code: status.NOT_FOUND, details: 'no such record' });
        else respond(null, found);
      },
      ListHardware: ({ request: { pageSize = 0, pageToken = '' } }, respond) => {
        this.#count('ListHardware');
        const all = [...this.records.values()];
        const [from, to] = [Number(pageToken), Number(pageToken) + (pageSize || 100)];
        respond(null, { hardware: all.slice(from, to), nextPageToken: to < all.length ? String(to) : '' });
      },
      ApplyHardware: ({ request: { hardware } }, respond) => {
        const old = this.records.get(hardware?.name ?? '');
        if (hardware?.revision && hardware.revision !== old?.revision)
          return respond({ code: status.ABORTED, details: 'has changed; read it again' });
        this.put({ ...(hardware as HardwareInput), name: hardware?.name ?? '' });
        return respond(null, {
          hardware: this.records.get(hardware?.name ?? '')!,
          created: old === undefined,
        });
      },
    };
  }

  #list({ states, unknown = 'INCLUDED', search = '', latest, pageSize = 0, pageToken = '' }: ListRequest) {
    const all = this.#newestFirst();
    const last = all.filter(
      (boot, at) => all.findIndex(({ machine }) => machine?.mac === boot.machine?.mac) === at,
    );
    const is = (state: string) => last.filter((boot) => boot.state === state).length;
    const isUnknown = ({ machine, reason }: Boot) =>
      (machine?.name ?? '') === '' && reason === 'unknown-machine';
    const wanted = (latest ? last : all).filter(
      (boot) =>
        (states.length === 0 || states.some((state) => state === boot.state)) &&
        (unknown === 'INCLUDED' || isUnknown(boot) === (unknown === 'ONLY')) &&
        JSON.stringify([boot.machine, boot.reason, boot.detail]).includes(search),
    );
    const from = Number(pageToken);
    const to = from + (pageSize || 100);
    return {
      boots: wanted.slice(from, to),
      nextPageToken: to < wanted.length ? String(to) : '',
      summary: {
        booting: is('BOOTING'),
        booted: is('BOOTED'),
        failed: is('FAILED'),
        handedOver: is('HANDED_OVER'),
        unknown: last.filter(isUnknown).length,
        lastEventId: this.events.length,
      },
    };
  }

  #newestFirst(): readonly Boot[] {
    return [...this.boots.values()].toSorted(
      (a, b) => Number(b.lastUnixMilli) - Number(a.lastUnixMilli) || Number(b.id) - Number(a.id),
    );
  }

  #count(rpc: string): void {
    this.calls[rpc] = (this.calls[rpc] ?? 0) + 1;
  }
}
