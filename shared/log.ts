import { type DestinationStream, type Logger, pino } from 'pino';
import { oneOf, setting } from './config.ts';

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
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return sink === undefined ? pino(options) : pino(options, sink);
}
