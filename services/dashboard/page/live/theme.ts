import { signal } from './signal.ts';

type Theme = 'light' | 'dark';

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

/** What is shown: what was chosen, else what the system likes. */
export const theme = signal<Theme>(current());

systemIsDark.addEventListener('change', () => theme.set(current()));

export function switchTheme(): void {
  const next = current() === 'dark' ? 'light' : 'dark';
  localStorage.setItem('smee-theme', next);
  document.documentElement.dataset.theme = next;
  theme.set(next);
}

function current(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'dark' || chosen === 'light') return chosen;
  return systemIsDark.matches ? 'dark' : 'light';
}
