import type { Log } from '#shared/log.ts';
import type { Effect, Report } from '../../decide/file-plan.ts';

/** Lines about one reading; a file of which everything is wrong is told by its beginning. */
const maxLines = 50;

const effects: Readonly<Record<Effect, string>> = {
  'rest-served': 'the rest is served',
  'last-good': 'the last good version stays',
  'left-out': 'left out',
};

/** `rack1.yaml, line 14, spec.interfaces[0].dhcp.mac: must be text; the last good version stays` */
export function describeReport({ file, line, field, what, effect }: Report): string {
  const where = [file, ...(line === undefined ? [] : [`line ${line}`]), ...(field === '' ? [] : [field])];
  return `${where.join(', ')}: ${what}; ${effects[effect]}`;
}

/** Logs what is wrong with the files, one line each, and only what was not said after the reading before. */
export class Teller {
  readonly #log: Log;
  #said: ReadonlySet<string> = new Set();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param problems all of them; the reports are the first */
  tell(reports: readonly Report[], problems: number): void {
    const lines = new Map(reports.map((report) => [describeReport(report), report]));
    const fresh = [...lines].filter(([text]) => !this.#said.has(text));
    for (const [text, { mac, name, file, line, field, effect }] of fresh.slice(0, maxLines)) {
      const level = effect === 'rest-served' ? 'warn' : 'error';
      this.#log[level]({ mac, name, file, line, field }, text);
    }
    if (fresh.length > maxLines)
      this.#log.error({ suppressed: problems - maxLines }, 'more is wrong with the hardware files');
    this.#said = new Set(lines.keys());
  }

  /** About the reading as such. */
  tellFailure(text: string): void {
    if (!this.#said.has(text)) this.#log.error(`${text}; the last good records stay`);
    this.#said = new Set([text]);
  }
}
