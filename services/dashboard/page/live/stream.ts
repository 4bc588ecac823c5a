import type { Boot, BootEvent, Hello, Link, News } from '../../wire/api.ts';
import { signal } from './signal.ts';

/** Without a sign of life for so long, the stream is opened anew: a sleeping laptop, a cable. The server gives one each 15 s. */
const silence = 40_000;
/** News that come faster than this are shown together. */
const pace = 150;

/** `since`: by this browser's clock. */
export type Liveness =
  | { readonly is: 'live' }
  | { readonly is: 'connecting' }
  | { readonly is: 'hardware-away'; readonly since: number }
  | { readonly is: 'dashboard-away'; readonly since: number };

export const liveness = signal<Liveness>({ is: 'connecting' });
/** Whether there is a token with which records can be changed. */
export const writable = signal(false);
/** How far the server's clock is ahead of this one, in milliseconds. */
let ahead = 0;

/** Now, by the clock that the times of events are told by. */
export function serverNow(): number {
  return Date.now() + ahead;
}

interface Watcher {
  /** Something happened. Each boot and event once, the newest boots. */
  news(news: News): void;
  /** What is shown may be old: read it anew. */
  anew(): void;
}

const watchers = new Set<Watcher>();

/** Gives back how to stop. */
export function watch(watcher: Watcher): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

let source: EventSource | undefined;
let alive: ReturnType<typeof setTimeout>;

export function openStream(): void {
  source?.close();
  const stream = new EventSource('/api/stream');
  source = stream;
  const on = <T>(event: string, take: (data: T) => void) =>
    stream.addEventListener(event, (message) => {
      stillAlive();
      take(JSON.parse(message.data) as T);
    });
  on<Hello>('hello', (hello) => {
    ahead = hello.now - Date.now();
    writable.set(hello.writable);
    tellLink(hello.link);
    for (const { anew } of watchers) anew();
  });
  on<Link>('link', (link) => {
    tellLink(link);
    if (link.connected) for (const { anew } of watchers) anew();
  });
  on<News>('news', gather);
  on<{ readonly now: number }>('tick', ({ now }) => {
    ahead = now - Date.now();
  });
  // It goes on where it was, without a word: the browser shows the last id again.
  stream.addEventListener('open', () => {
    stillAlive();
    if (liveness.value.is === 'dashboard-away') liveness.set({ is: 'live' });
  });
  stream.addEventListener('error', () => {
    if (liveness.value.is !== 'dashboard-away') liveness.set({ is: 'dashboard-away', since: Date.now() });
    // Refused (503: too many pages): the browser has given up by itself.
    if (stream.readyState === EventSource.CLOSED) alive = later(5000);
  });
  stillAlive();
}

function stillAlive(): void {
  alive = later(silence);
}

function later(ms: number): ReturnType<typeof setTimeout> {
  clearTimeout(alive);
  return setTimeout(openStream, ms);
}

function tellLink({ connected, since }: Link): void {
  liveness.set(connected ? { is: 'live' } : { is: 'hardware-away', since: since - ahead });
}

let events: BootEvent[] = [];
const boots = new Map<number, Boot>();
let due = false;

function gather(news: News): void {
  events.push(...news.events);
  for (const boot of news.boots) boots.set(boot.id, boot);
  if (due) return;
  due = true;
  setTimeout(() => {
    const gathered: News = { events, boots: [...boots.values()] };
    events = [];
    boots.clear();
    due = false;
    for (const watcher of watchers) watcher.news(gathered);
  }, pace);
}
