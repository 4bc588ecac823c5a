import { ConfigError } from '#shared/errors.ts';
import { type Access, loadAccess } from './access.ts';
import type { HardwareSettings } from './config.ts';
import { type Backend, chooseBackend } from './decide/backend.ts';

export interface Checked {
  readonly access: Access;
  readonly backend: Backend;
}

/** What the settings mean together. @throws {ConfigError} with every problem of all of them */
export function checkSettings(settings: HardwareSettings): Checked {
  const chosen = chooseBackend(settings);
  const backendProblems = 'problems' in chosen ? chosen.problems : [];
  try {
    const access = loadAccess(settings);
    if ('backend' in chosen) return { access, backend: chosen.backend };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError([...error.problems, ...backendProblems]);
  }
  throw new ConfigError(backendProblems);
}
