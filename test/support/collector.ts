import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials, type ServiceDefinition, type UntypedHandleCall } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const proto = fileURLToPath(new URL('../fixtures/otlp-trace.proto', import.meta.url));

/** A span as a collector gets it. */
export interface ReceivedSpan {
  /** `service.name` of the process that sent it. */
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>> & { readonly value: string };
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

interface WireSpan {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId: Buffer;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly status: { readonly code: number } | null;
}

/**
 * A real OTLP/gRPC receiver on loopback, with every span and every byte that came.
 * @param credentials how it is reached; without TLS, if absent
 */
export async function collector(credentials = ServerCredentials.createInsecure()) {
  const spans: ReceivedSpan[] = [];
  const messages: Buffer[] = [];
  const loaded = loadSync(proto, { longs: String, defaults: true, oneofs: true });
  const service = loaded['opentelemetry.proto.collector.trace.v1.TraceService'] as ServiceDefinition;
  const { Export } = service as { Export: ServiceDefinition[string] };
  const counted = {
    Export: {
      ...Export,
      requestDeserialize(bytes: Buffer) {
        messages.push(bytes);
        return Export.requestDeserialize(bytes) as ExportRequest;
      },
    },
  };
  const take: UntypedHandleCall = (
    call: { request: ExportRequest },
    done: (error: null, answer: object) => void,
  ) => {
    spans.push(...call.request.resourceSpans.flatMap(spansOf));
    done(null, {});
  };
  const server = new Server();
  server.addService(counted, { Export: take });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    spans,
    /** Everything that came, to be searched for what must not be there. */
    text: () => Buffer.concat(messages).toString('latin1'),
    flag: `--otel-endpoint=127.0.0.1:${port}`,
    [Symbol.dispose]: () => server.forceShutdown(),
  };
}

function spansOf({ resource, scopeSpans }: ExportRequest['resourceSpans'][number]): ReceivedSpan[] {
  const service = String(attributesOf(resource.attributes)['service.name']);
  return scopeSpans
    .flatMap((scope) => scope.spans)
    .map((span) => ({
      service,
      name: span.name,
      traceId: span.traceId.toString('hex'),
      spanId: span.spanId.toString('hex'),
      parentId: span.parentSpanId.toString('hex'),
      attributes: attributesOf(span.attributes),
      failed: span.status?.code === 2,
      start: Number(span.startTimeUnixNano) / 1e6,
      end: Number(span.endTimeUnixNano) / 1e6,
    }));
}

function attributesOf(list: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, value[value.value]]));
}
