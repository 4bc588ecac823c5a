import { bool, hostPort, setting, text, type Values } from '../config.ts';

/** Variables that every OpenTelemetry exporter has for its TLS (OTLP Exporter Configuration). */
const standard = (what: string) => ({
  standard: [`OTEL_EXPORTER_OTLP_TRACES_${what}`, `OTEL_EXPORTER_OTLP_${what}`],
});

export const traceSettings = {
  otelEndpoint: setting(
    'otel-endpoint',
    hostPort,
    undefined,
    'Where traces go, as OTLP over gRPC: a collector such as localhost:4317; unset: nowhere, and none are made.',
  ),
  otelInsecure: setting('otel-insecure', bool, 'true', 'Send traces without TLS.'),
  otelCertificate: setting(
    'otel-certificate',
    text,
    undefined,
    "File with the CA certificates (PEM) that the collector's certificate must come from; unset: the public ones.",
    standard('CERTIFICATE'),
  ),
  otelClientCertificate: setting(
    'otel-client-certificate',
    text,
    undefined,
    'File with the certificate (PEM) that is shown to the collector.',
    standard('CLIENT_CERTIFICATE'),
  ),
  otelClientKey: setting(
    'otel-client-key',
    text,
    undefined,
    'File with the key of otel-client-certificate (PEM).',
    standard('CLIENT_KEY'),
  ),
};

export type TraceSettings = Values<typeof traceSettings>;
