import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { ConfigError, messageOf } from '#shared/errors.ts';

/** The identities that HTTPS listeners show: the handshake picks one that the client understands. PEM. */
export interface TlsIdentities {
  readonly cert: Buffer[];
  readonly key: Buffer[];
  /** Their kinds of keys, in order: `rsa`, `ec`. */
  readonly kinds: readonly string[];
}

/** What the settings say about HTTPS. */
export interface TlsSettings {
  readonly tlsCertFile: readonly string[] | undefined;
  readonly tlsKeyFile: readonly string[] | undefined;
}

/**
 * Undefined when no certificate is named: there is no HTTPS then.
 * @throws {ConfigError} with every file that cannot be read, is no certificate or key, or does not fit the other
 */
export async function loadIdentities(settings: TlsSettings): Promise<TlsIdentities | undefined> {
  const { tlsCertFile: certs = [], tlsKeyFile: keys = [] } = settings;
  if (certs.length === 0 && keys.length === 0) return undefined;
  if (certs.length !== keys.length) {
    throw new ConfigError([
      `--tls-cert-file names ${certs.length} files and --tls-key-file ${keys.length}: each certificate needs its key, in the same order`,
    ]);
  }
  const identities = await Promise.allSettled(certs.map((cert, at) => loadIdentity(cert, keys[at] ?? '')));
  const problems = identities.flatMap((one) => (one.status === 'rejected' ? [messageOf(one.reason)] : []));
  if (problems.length > 0) throw new ConfigError(problems);
  const loaded = identities.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return {
    cert: loaded.map(({ cert }) => cert),
    key: loaded.map(({ key }) => key),
    kinds: loaded.map(({ kind }) => kind),
  };
}

async function loadIdentity(certFile: string, keyFile: string) {
  const [cert, key] = await Promise.all([read('cert', certFile), read('key', keyFile)]);
  try {
    createSecureContext({ cert, key });
    const own = new X509Certificate(cert);
    // OpenSSL itself takes a key of another kind for that of a further certificate.
    if (!own.checkPrivateKey(createPrivateKey(key)))
      throw new Error('the key is not that of the certificate');
    return { cert, key, kind: own.publicKey.asymmetricKeyType ?? 'unknown' };
  } catch (error) {
    throw new ConfigError([
      `--tls-cert-file=${JSON.stringify(certFile)} with --tls-key-file=${JSON.stringify(keyFile)}: ${messageOf(error)}`,
    ]);
  }
}

async function read(what: 'cert' | 'key', file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new ConfigError([`--tls-${what}-file=${JSON.stringify(file)}: ${messageOf(error)}`]);
  }
}
