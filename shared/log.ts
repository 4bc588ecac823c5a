import { type DestinationStream, type Logger, pino } from 'pino';
import { oneOf, setting } from './config.ts';
import { standardOutput } from './log-output.ts';

export type Log = Logger;

export const logSettings = {
  logLevel: setting(
    'log-level',
    oneOf('debug', 'info', 'warn', 'error'),
    'info',
    'The least severe level that is logged.',
  ),
};

/**
 * The log of one service: one JSON line per event, to standard output unless a test gives a sink. It is handed down as an
 * argument; `decide/` and `wire/` never see it. docs/logging.md lists the fixed fields.
 */
export function createLog(service: string, level: string, sink?: DestinationStream): Log {
  const options = {
    level,
    base: { service },
    timestamp,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, sink ?? standardOutput());
}

let timeMs = 0;
let timeText = '';

/** `,"time":"2026-11-22T14:02:33.563Z"`, made once a millisecond: a storm writes dozens of lines in one. */
export function timestamp(): string {
  const now = Date.now();
  if (now !== timeMs) {
    timeMs = now;
    timeText = `,"time":"${new Date(now).toISOString()}"`;
  }
  return timeText;
}
