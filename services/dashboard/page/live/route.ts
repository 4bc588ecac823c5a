import type { State } from '../../wire/api.ts';
import { signal } from './signal.ts';

export const tabs = ['timeline', 'record', 'explain', 'syslog'] as const;
export type Tab = (typeof tabs)[number];

export type Filter = State | 'unknown' | 'all';
const filters: readonly Filter[] = ['all', 'failed', 'booting', 'unknown', 'booted', 'handed-over'];

/** What the page shows; its address says the same. */
export type Route =
  | { readonly view: 'fleet' }
  | { readonly view: 'boots'; readonly filter: Filter; readonly search: string }
  | {
      readonly view: 'machine';
      readonly machine: string;
      readonly tab: Tab;
      readonly boot: number | undefined;
    };

function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view, first = '', second = ''] = path.split('/').map(decode);
  const search = new URLSearchParams(query);
  if (view === 'machine' && first !== '') {
    const boot = Number(search.get('boot'));
    const tab = tabs.find((one) => one === second) ?? 'timeline';
    return { view, machine: first, tab, boot: Number.isSafeInteger(boot) && boot > 0 ? boot : undefined };
  }
  if (view === 'boots')
    return {
      view,
      filter: filters.find((one) => one === first) ?? 'all',
      search: search.get('search') ?? '',
    };
  return { view: 'fleet' };
}

export function hrefOf(route: Route): string {
  if (route.view === 'fleet') return '#/';
  if (route.view === 'boots') {
    const query = route.search === '' ? '' : `?${new URLSearchParams({ search: route.search })}`;
    return `#/boots/${route.filter}${query}`;
  }
  const boot = route.boot === undefined ? '' : `?boot=${route.boot}`;
  return `#/machine/${encodeURIComponent(route.machine)}/${route.tab}${boot}`;
}

/** Where the page is now. */
export const route = signal<Route>(parseRoute(location.hash));
addEventListener('hashchange', () => route.set(parseRoute(location.hash)));

export function go(to: Route, how: 'push' | 'replace' = 'push'): void {
  const href = hrefOf(to);
  if (how === 'push') location.hash = href;
  else {
    history.replaceState(null, '', href);
    route.set(to);
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
