import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { ConfigError, messageOf } from '../errors.ts';
import type { TraceSettings } from './settings.ts';

/** How the collector is reached. @throws {ConfigError} with every file that cannot be used, never with its content */
export async function collectorCredentials(settings: TraceSettings): Promise<ChannelCredentials> {
  const { otelInsecure, otelCertificate, otelClientCertificate, otelClientKey } = settings;
  if (otelInsecure) return credentials.createInsecure();
  const problems: string[] = [];
  const read = async (flag: string, file: string | undefined): Promise<Buffer | null> => {
    if (file === undefined) return null;
    return await readFile(file).catch((error: unknown) => {
      problems.push(`--${flag}=${JSON.stringify(file)}: ${messageOf(error)}`);
      return null;
    });
  };
  const [ca, cert, key] = await Promise.all([
    read('otel-certificate', otelCertificate),
    read('otel-client-certificate', otelClientCertificate),
    read('otel-client-key', otelClientKey),
  ]);
  if ((otelClientCertificate === undefined) !== (otelClientKey === undefined))
    problems.push('--otel-client-certificate and --otel-client-key need each other');
  if (problems.length > 0) throw new ConfigError(problems);
  try {
    // Node takes any bytes for a CA, and would then trust nobody without saying so.
    if (ca !== null) new X509Certificate(ca);
    return credentials.createSsl(ca, key, cert);
  } catch (error) {
    throw new ConfigError([
      `the files of --otel-certificate and its like cannot be used: ${messageOf(error)}`,
    ]);
  }
}
