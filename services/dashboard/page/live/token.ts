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

interface Wanted {
  answer(token: string | undefined): void;
}

/** Whoever waits for a token that is right: the page asks the person for it, over whatever it shows. */
export const wanted = signal<Wanted | undefined>(undefined);
let asking: Promise<string | undefined> | undefined;

/** Asks once for all who need it at a time. Undefined when the person declines. */
export function askForToken(): Promise<string | undefined> {
  asking ??= new Promise<string | undefined>((answer) => wanted.set({ answer })).finally(() => {
    asking = undefined;
    wanted.set(undefined);
  });
  return asking;
}

export function forgetToken(): void {
  sessionStorage.removeItem(key);
  unlocked.set(false);
}
