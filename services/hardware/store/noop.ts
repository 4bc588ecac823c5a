import type { Store } from './store.ts';

/**
 * No records, for ever: for auto-proxy, where a machine needs none. Its id is the same everywhere, so that watchers who come
 * from another store start over, and find nothing.
 */
export function openNoop(): Store {
  return {
    id: 'noop-holds-nothing',
    revision: 0,
    oldest: 0,
    size: 0,
    problems: 0,
    reports: [],
    find: () => [],
    list: () => [],
    changes: () => [],
    snapshot: () => ({ revision: 0, after: () => [], [Symbol.dispose]: () => undefined }),
    onChange: () => () => undefined,
    writer: undefined,
    readOnly: 'noop holds no records; choose another with SMEE_BACKEND',
    [Symbol.dispose]: () => undefined,
  };
}
