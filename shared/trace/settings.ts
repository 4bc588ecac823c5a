import { bool, hostPort, setting, type Values } from '../config.ts';

export const traceSettings = {
  otelEndpoint: setting(
    'otel-endpoint',
    hostPort,
    undefined,
    'Where traces go, as OTLP over gRPC: a collector such as localhost:4317; unset: nowhere, and none are made.',
  ),
  otelInsecure: setting('otel-insecure', bool, 'true', 'Send traces without TLS.'),
};

export type TraceSettings = Values<typeof traceSettings>;
