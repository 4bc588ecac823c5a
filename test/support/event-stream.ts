import { request } from 'node:http';
import { until } from './until.ts';

export interface Told {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** A browser's EventSource, as far as a test needs one: what it was told, and how it ended. */
export class EventStream implements Disposable {
  readonly told: Told[] = [];
  status: number | undefined;
  ended = false;
  /** Called with each as it comes. */
  onTold: (told: Told) => void = () => {};
  readonly #request: ReturnType<typeof request>;
  #response: { pause(): unknown; resume(): unknown } | undefined;
  #text = '';

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#request = request(`${url}/api/stream`, { headers, agent: false });
    this.#request.on('response', (response) => {
      this.status = response.statusCode;
      this.#response = response;
      response.setEncoding('utf8');
      response.on('data', (text: string) => this.#read(text));
      response.on('error', () => undefined);
      response.on('close', () => {
        this.ended = true;
      });
    });
    this.#request.on('error', () => {
      this.ended = true;
    });
    this.#request.end();
  }

  /** The first that was told of this kind, once it is there; the data as `T`. */
  async first<T>(event: string): Promise<T> {
    await until(`the stream tells ${event}`, () => this.told.some((one) => one.event === event));
    return this.all<T>(event)[0]!;
  }

  all<T>(event: string): readonly T[] {
    return this.told.filter((one) => one.event === event).map(({ data }) => data as T);
  }

  get lastId(): string {
    return this.told.findLast(({ id }) => id !== undefined)?.id ?? '';
  }

  /** Reads no more: what is sent piles up on the other side. */
  stopReading(): void {
    this.#response?.pause();
  }

  [Symbol.dispose](): void {
    this.#request.destroy();
  }

  #read(text: string): void {
    const messages = (this.#text + text).split('\n\n');
    this.#text = messages.pop() ?? '';
    for (const message of messages) {
      const fields = new Map(message.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      const told: Told = {
        event: fields.get('event') ?? '',
        id: fields.get('id'),
        data: JSON.parse(fields.get('data') ?? 'null'),
      };
      this.told.push(told);
      this.onTold(told);
    }
  }
}
