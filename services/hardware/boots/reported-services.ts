import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { type Hello, readHello } from '../decide/boots/read-hello.ts';
import { decodeHello, encodeHello } from './codec.ts';

export interface ReportedService extends Hello {
  /** When it said so last, in milliseconds since 1970. */
  readonly at: number;
  /** Its stream is open. */
  readonly connected: boolean;
}

/** Instances that are remembered; the one that was heard of first is forgotten first. */
const most = 256;

/**
 * What the services have said of themselves: by which settings they decide, and what they found on their hosts. Kept in the
 * database, too, so that it is known while a service is gone.
 */
export class ReportedServices {
  readonly #database: DatabaseSync;
  readonly #log: Log;
  readonly #known = new Map<string, ReportedService>();
  /** Open streams, by instance: one that reconnects is there twice for a moment. */
  readonly #streams = new Map<string, number>();

  constructor(database: DatabaseSync, log: Log) {
    this.#database = database;
    this.#log = log;
    const rows = database.prepare('SELECT at, body FROM hello ORDER BY at').all();
    for (const { at, body } of rows as unknown as readonly { at: number; body: Uint8Array }[]) {
      const told = decodeHello(body);
      const hello = told && readHello(told);
      if (hello !== undefined && 'service' in hello)
        this.#known.set(keyOf(hello), { ...hello, at, connected: false });
    }
  }

  /** Every instance that is remembered, the one that was heard of last first. */
  all(): readonly ReportedService[] {
    return [...this.#known].map(([key, one]) => ({ ...one, connected: this.#streams.has(key) })).toReversed();
  }

  /** By which settings a service decides: those of an instance that is connected, if there is one. */
  latest(service: Hello['service']): ReportedService | undefined {
    const instances = this.all().filter((one) => one.service === service);
    return instances.find(({ connected }) => connected) ?? instances[0];
  }

  /** A stream has begun, or says something else of itself than before. */
  remember(hello: Hello, now: number): void {
    const key = keyOf(hello);
    this.#known.delete(key);
    this.#known.set(key, { ...hello, at: now, connected: true });
    try {
      this.#database
        .prepare('INSERT OR REPLACE INTO hello (service, instance, at, body) VALUES (?, ?, ?, ?)')
        .run(hello.service, hello.instance, now, encodeHello(hello));
      for (const [old, one] of this.#known) {
        if (this.#known.size <= most) break;
        this.#known.delete(old);
        this.#database
          .prepare('DELETE FROM hello WHERE service = ? AND instance = ?')
          .run(one.service, one.instance);
      }
    } catch (error) {
      this.#log.error(
        { from: key, error: messageOf(error) },
        'what a service says of itself cannot be written',
      );
    }
  }

  opened(hello: Hello): void {
    const key = keyOf(hello);
    this.#streams.set(key, (this.#streams.get(key) ?? 0) + 1);
  }

  closed(hello: Hello): void {
    const key = keyOf(hello);
    const left = (this.#streams.get(key) ?? 1) - 1;
    if (left === 0) this.#streams.delete(key);
    else this.#streams.set(key, left);
  }
}

function keyOf({ service, instance }: Pick<Hello, 'service' | 'instance'>): string {
  return `${service} ${instance}`;
}
