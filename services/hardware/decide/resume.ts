import type { Refusal } from '../wire/status.ts';
import { invalid, startOver } from './refusals.ts';

/** Whether a watcher can be continued from where it says it is; undefined when it can. */
export function checkWatch(
  from: { readonly storeId: string; readonly sinceRevision: number },
  store: { readonly id: string; readonly revision: number; readonly oldest: number },
): Refusal | undefined {
  const { storeId, sinceRevision } = from;
  if (sinceRevision === 0) return undefined;
  if (storeId === '')
    return invalid([
      { field: 'store_id', description: 'is required with since_revision: where was it seen?' },
    ]);
  if (storeId !== store.id) return startOver(`this is another store, ${store.id}`);
  if (sinceRevision > store.revision)
    return startOver(`the store is at revision ${store.revision}, behind ${sinceRevision}`);
  if (sinceRevision < store.oldest)
    return startOver(`changes are kept since revision ${store.oldest}; ${sinceRevision} is older`);
  return undefined;
}
