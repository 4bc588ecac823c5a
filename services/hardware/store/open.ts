import type { Log } from '#shared/log.ts';
import type { Backend } from '../decide/backend.ts';
import { openFile } from './file/file.ts';
import { openNoop } from './noop.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

/** Opens the store of a backend. @throws {SmeeError} as that store does */
export async function openStore(backend: Backend, log: Log): Promise<Store> {
  switch (backend.kind) {
    case 'sqlite':
      return openSqlite(backend.path);
    case 'file':
      return await openFile(backend, log);
    case 'noop':
      log.warn('the noop backend holds no records: only dhcp-mode auto-proxy boots a machine without one');
      return openNoop();
  }
}
