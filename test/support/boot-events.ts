import type { ClientReadableStream, ClientWritableStream } from '@grpc/grpc-js';
import { type BootClient, connectBoots } from '#shared/events/client.ts';
import type { Boot__Output } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent, BootEvent__Output } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { Hello } from '#shared/generated/smee/boot/v1/Hello.ts';
import type { ReportEventsRequest } from '#shared/generated/smee/boot/v1/ReportEventsRequest.ts';
import type { WatchEventsRequest } from '#shared/generated/smee/boot/v1/WatchEventsRequest.ts';
import type { WatchEventsResponse__Output } from '#shared/generated/smee/boot/v1/WatchEventsResponse.ts';
import { until } from './until.ts';

/** A client of the boots on a port of this host. */
export function bootClient(port: number): BootClient {
  const nothing = { tokenFile: undefined, tlsCa: undefined, tlsCert: undefined, tlsKey: undefined };
  return connectBoots({ hardwareAddr: { host: '127.0.0.1', port }, ...nothing });
}

/** What each service tells of a machine that boots by TFTP and HTTP, in seconds from its first DISCOVER. */
export function bootStory(
  mac: string,
  begun: number,
): Readonly<Record<'dhcp' | 'tftp' | 'http', readonly BootEvent[]>> {
  const machine = { mac };
  const told = (seconds: number, event: BootEvent): BootEvent => ({
    timeUnixMilli: Math.round(begun + seconds * 1000),
    machine,
    outcome: 'YES',
    reason: 'ok',
    durationMicros: 1500,
    ...event,
  });
  const dhcp = (seconds: number, type: string, said: string, client: string) =>
    told(seconds, { stage: 'DHCP', said, details: { type, client, arch: 'x86_64-efi' } });
  const http = (seconds: number, said: string, file: string) =>
    told(seconds, { stage: 'HTTP', said, details: { file } });
  return {
    dhcp: [
      dhcp(0, 'DISCOVER', 'OFFER', 'PXE firmware'),
      dhcp(4, 'REQUEST', 'ACK', 'PXE firmware'),
      dhcp(8, 'DISCOVER', 'OFFER', 'iPXE'),
      dhcp(9, 'REQUEST', 'ACK', 'iPXE'),
      dhcp(30, 'REQUEST', 'ACK', 'other'),
    ],
    tftp: [told(5, { stage: 'TFTP', said: 'DATA', details: { file: 'ipxe.efi' } })],
    http: [
      http(10, 'script', `/${mac}/auto.ipxe`),
      http(11, 'artifact', '/artifacts/vmlinuz'),
      http(12, 'artifact', '/artifacts/initrd.img'),
      told(40, { stage: 'OS', outcome: 'HEARD', said: 'phone-home' }),
    ],
  };
}

/** A service that reports. */
export class TestReporter {
  readonly stream: ClientWritableStream<ReportEventsRequest>;
  /** Settles when the stream is over: undefined when the service took everything. */
  readonly ended: Promise<Error | undefined>;

  constructor(client: BootClient, service: string, about: Partial<Hello> = {}) {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.ended = promise;
    this.stream = client.openReport(resolve);
    const settings = { 'log-level': 'info' };
    this.stream.write({ hello: { service, instance: `${service}-1`, settings, facts: {}, ...about } });
  }

  tell(...events: readonly BootEvent[]): void {
    this.stream.write({ events: [...events] });
  }

  /** Ends the stream, and waits for the service to have taken everything. */
  async end(): Promise<void> {
    this.stream.end();
    const error = await this.ended;
    if (error !== undefined) throw error;
  }
}

/** An open watch, collecting what it is told. */
export class TestWatch {
  readonly stream: ClientReadableStream<WatchEventsResponse__Output>;
  readonly messages: WatchEventsResponse__Output[] = [];
  readonly ended: Promise<Error>;

  constructor(client: BootClient, request: WatchEventsRequest = {}) {
    this.stream = client.watch(request);
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    this.stream.on('error', resolve);
    this.stream.on('data', (message: WatchEventsResponse__Output) => this.messages.push(message));
  }

  get events(): readonly BootEvent__Output[] {
    return this.messages.flatMap(({ events }) => events);
  }

  /** Each boot as it was told last. */
  get boots(): ReadonlyMap<number, Boot__Output> {
    return new Map(this.messages.flatMap(({ boots }) => boots.map((boot) => [boot.id ?? 0, boot])));
  }

  async seen(events: number): Promise<void> {
    await until(`${events} events are seen`, () => this.events.length >= events);
  }
}
