import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ServerCredentials } from '@grpc/grpc-js';
import { ConfigError, messageOf } from '#shared/errors.ts';
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
  const token = readToken(settings.tokenFile, problems);

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

/** Shorter than this, a token can be guessed by trying. */
const minToken = 16;

function readToken(path: string | undefined, problems: string[]): string | undefined {
  const variable = 'SMEE_TOKEN_FILE';
  const token = read(variable, path, problems)?.toString('utf8').trim();
  if (path === undefined || token === undefined) return undefined;
  // A group may read it: that is how containers are given their secrets.
  if ((statSync(path).mode & 0o027) !== 0)
    problems.push(`${variable}: ${path} must not be open to everybody: chmod 600 (or 640) it`);
  if (!/^[\x21-\x7e]*$/.test(token))
    problems.push(`${variable}: ${path} must hold one line of printable ASCII`);
  else if (token.length < minToken)
    problems.push(`${variable}: ${path} must hold a token of at least ${minToken} characters`);
  return token;
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
