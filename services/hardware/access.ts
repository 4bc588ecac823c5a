import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ServerCredentials } from '@grpc/grpc-js';
import { ConfigError, messageOf } from '#shared/errors.ts';
import { readTokenFile } from '#shared/token.ts';
import type { HardwareSettings } from './config.ts';
import { exposureProblem } from './decide/exposure.ts';

/** Who may call, and how the connection is protected. */
export interface Access {
  readonly credentials: ServerCredentials;
  readonly token: string | undefined;
}

/**
 * Reads certificates and token, and refuses an exposure that nobody has decided on.
 * @throws {ConfigError} with every problem
 */
export function loadAccess(settings: HardwareSettings): Access {
  const problems: string[] = [];
  const file = (variable: string, path: string | undefined) => read(variable, path, problems);
  const cert = file('SMEE_TLS_CERT', settings.tlsCert);
  const key = file('SMEE_TLS_KEY', settings.tlsKey);
  const clientCa = file('SMEE_TLS_CLIENT_CA', settings.tlsClientCa);
  const token = readTokenFile('SMEE_TOKEN_FILE', settings.tokenFile, problems);

  if ((settings.tlsCert === undefined) !== (settings.tlsKey === undefined))
    problems.push('SMEE_TLS_CERT and SMEE_TLS_KEY: one does not work without the other');
  if (settings.tlsClientCa !== undefined && settings.tlsCert === undefined)
    problems.push('SMEE_TLS_CLIENT_CA: works only with SMEE_TLS_CERT and SMEE_TLS_KEY');
  const exposure = exposureProblem({
    host: settings.bind.host,
    clientCa: settings.tlsClientCa !== undefined,
    token: settings.tokenFile !== undefined,
    insecure: settings.insecure,
  });
  if (exposure !== undefined) problems.push(exposure);

  const credentials =
    problems.length === 0 ? createCredentials({ cert, key, clientCa }, problems) : undefined;
  if (credentials === undefined) throw new ConfigError(problems);
  return { credentials, token };
}

function createCredentials(
  {
    cert,
    key,
    clientCa,
  }: { cert: Buffer | undefined; key: Buffer | undefined; clientCa: Buffer | undefined },
  problems: string[],
): ServerCredentials | undefined {
  if (cert === undefined || key === undefined) return ServerCredentials.createInsecure();
  try {
    // Says now, and not at the first handshake, what does not belong together.
    createSecureContext({ cert, key, ca: clientCa });
    return ServerCredentials.createSsl(
      clientCa ?? null,
      [{ cert_chain: cert, private_key: key }],
      clientCa !== undefined,
    );
  } catch (error) {
    problems.push(`SMEE_TLS_CERT, SMEE_TLS_KEY: ${messageOf(error)}`);
    return undefined;
  }
}

function read(variable: string, path: string | undefined, problems: string[]): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    problems.push(`${variable}: cannot read it: ${messageOf(error)}`);
    return undefined;
  }
}
