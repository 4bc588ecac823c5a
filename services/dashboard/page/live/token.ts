import { signal } from './signal.ts';

/** Lives as long as the tab, and is sent nowhere but to this page's own server. */
const key = 'smee-token';

/** Whether records can be changed from here now. */
export const unlocked = signal(readToken() !== undefined);

export function readToken(): string | undefined {
  return sessionStorage.getItem(key) ?? undefined;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(key, token);
  unlocked.set(true);
}

export function forgetToken(): void {
  sessionStorage.removeItem(key);
  unlocked.set(false);
}
