import type {
  ApiError,
  BootPage,
  BootStory,
  Explanation,
  Fleet,
  NewRecord,
  RecordEdit,
  RecordView,
} from '../../wire/api.ts';
import { askForToken, forgetToken, readToken } from './token.ts';

/** The server said no, or nothing. `message` is a sentence for the person. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const api = {
  fleet: () => ask<Fleet>('/api/fleet'),
  boots: (query: Readonly<Record<string, string>>) =>
    ask<BootPage>(`/api/boots?${new URLSearchParams(query)}`),
  story: (query: Readonly<Record<string, string>>) =>
    ask<BootStory>(`/api/boot?${new URLSearchParams(query)}`),
  explain: (query: Readonly<Record<string, string>>) =>
    ask<Explanation>(`/api/explain?${new URLSearchParams(query)}`),
  record: (machine: string) => ask<RecordView>(`/api/record?${new URLSearchParams({ machine })}`),
  suggest: (mac: string) => ask<NewRecord>(`/api/suggest?${new URLSearchParams({ mac })}`),
  create: (record: NewRecord) => ask<RecordView>('/api/record', 'POST', record),
  edit: (record: RecordEdit) => ask<RecordView>('/api/record', 'PUT', record),
  /** Whether this is the token. Rejects when it is not. */
  tryToken: (token: string) => send<void>('/api/token', 'POST', {}, token),
};

/** Asks with the token that this tab has. Where that is another by now, the person is asked for it, and then the server again. */
async function ask<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  const token = readToken();
  try {
    return await send(path, method, body, token);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'token-wrong') throw error;
    const known = readToken();
    const another = known === token ? await askForToken() : known;
    if (another !== undefined) return await send(path, method, body, another);
    if (method !== 'GET') throw error;
    // A page that goes on with the old one could not even read.
    forgetToken();
    return await send(path, method, body, undefined);
  }
}

async function send<T>(path: string, method: string, body: unknown, token: string | undefined): Promise<T> {
  const headers = new Headers();
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const response = await fetch(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refused(
      'dashboard-away',
      'The dashboard does not answer; this page goes on by itself when it is back.',
    );
  });
  if (response.ok) return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
  const { error, message } = (await response.json().catch(() => ({}))) as Partial<ApiError>;
  throw new Refused(error ?? 'failed', message ?? `The dashboard answered ${response.status}.`);
}
