import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files of one identity, PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of the test's own, in a folder; made by openssl. */
export class Authority {
  readonly cert: string;
  readonly #folder: string;
  readonly #key: string;

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.cert = join(folder, `${name}.pem`);
    this.#key = join(folder, `${name}.key`);
  }

  static async create(folder: string, name = 'ca'): Promise<Authority> {
    const authority = new Authority(folder, name);
    await run('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', `/CN=${name}`, '-keyout', authority.#key, '-out', authority.cert],
    ]);
    return authority;
  }

  /** A certificate for 127.0.0.1 and localhost, signed by this authority. */
  async issue(name: string, kind: 'ec' | 'rsa' = 'ec'): Promise<Identity> {
    const bits = kind === 'ec' ? 'ec_paramgen_curve:prime256v1' : 'rsa_keygen_bits:2048';
    const path = (ending: string) => join(this.#folder, `${name}.${ending}`);
    const identity = { cert: path('pem'), key: path('key') };
    await run('openssl', [
      ...['req', '-newkey', kind, '-pkeyopt', bits, '-nodes', '-subj', `/CN=${name}`],
      ...['-keyout', identity.key, '-out', path('csr')],
    ]);
    await writeFile(path('ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    await run('openssl', [
      ...['x509', '-req', '-days', '1', '-in', path('csr'), '-CA', this.cert, '-CAkey', this.#key],
      ...['-CAcreateserial', '-extfile', path('ext'), '-out', identity.cert],
    ]);
    return identity;
  }
}

/** The bytes of an identity. */
export async function readIdentity({ cert, key }: Identity): Promise<{ cert: Buffer; key: Buffer }> {
  return { cert: await readFile(cert), key: await readFile(key) };
}
