import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

export type Log = Logger;

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * One JSON object a line: `level` as a word, `time` in RFC 3339, `service`, `msg`, and where they apply `stream`,
 * `topic`, `partition`, `offset`, `event_id` and `trace_id`. Errors go under `err`, with the chain of their causes.
 */
export const createLog = (
  { name, level }: { readonly name: string; readonly level: LogLevel },
  destination?: DestinationStream,
): Log =>
  pino(
    {
      level,
      base: { service: name },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.errWithCause },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
