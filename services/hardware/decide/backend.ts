/** What the settings say about where the records are. */
export interface BackendSettings {
  readonly backend: Backend['kind'] | undefined;
  readonly sqlitePath: string;
  readonly fileEnabled: boolean;
  readonly filePath: string | undefined;
  readonly fileStatePath: string;
  readonly noopEnabled: boolean;
}

/** Where the records are. */
export type Backend =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly statePath: string }
  | { readonly kind: 'noop' };

export type Chosen = { readonly backend: Backend } | { readonly problems: readonly string[] };

/** The one backend that the settings select, by SMEE_BACKEND or by Smee's SMEE_BACKEND_…_ENABLED; or why there is none. */
export function chooseBackend(settings: BackendSettings): Chosen {
  const { backend, filePath, fileStatePath, sqlitePath, fileEnabled, noopEnabled } = settings;
  const asked = [
    ...(backend === undefined ? [] : [{ kind: backend, by: `SMEE_BACKEND=${backend}` }]),
    ...(fileEnabled ? [{ kind: 'file' as const, by: 'SMEE_BACKEND_FILE_ENABLED' }] : []),
    ...(noopEnabled ? [{ kind: 'noop' as const, by: 'SMEE_BACKEND_NOOP_ENABLED' }] : []),
  ];
  const kinds = new Set(asked.map(({ kind }) => kind));
  const problems: string[] = [];
  if (kinds.size > 1)
    problems.push(`${asked.map(({ by }) => by).join(' and ')}: there can be only one backend`);
  if (kinds.has('file') && filePath === undefined)
    problems.push('SMEE_BACKEND_FILE_PATH: is required with the file backend');
  if (kinds.has('file') && fileStatePath === sqlitePath)
    problems.push('SMEE_BACKEND_FILE_STATE_PATH: must not be the database of the sqlite backend');
  if (problems.length > 0) return { problems };
  const [kind = 'sqlite'] = kinds;
  if (kind === 'file' && filePath !== undefined)
    return { backend: { kind, path: filePath, statePath: fileStatePath } };
  return { backend: kind === 'noop' ? { kind } : { kind: 'sqlite', path: sqlitePath } };
}
