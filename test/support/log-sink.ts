import { createLog, type Log } from '#shared/log.ts';

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A log at its most talkative, and what was written to it. */
export function logSink(service = 'test'): { readonly log: Log; readonly lines: LogLine[]; text(): string } {
  const lines: LogLine[] = [];
  const log = createLog(service, 'debug', {
    write(line: string) {
      lines.push(JSON.parse(line) as LogLine);
    },
  });
  return { log, lines, text: () => lines.map((line) => JSON.stringify(line)).join('\n') };
}
