import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import { escapeLineEnds } from './escape-line-ends.ts';
import { hideTokens } from './hide-tokens.ts';
import { lineWriter } from './line-writer.ts';

export type Log = Logger;

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** How many lines of this process's standard output were dropped, because they could not be written. */
export const droppedLines = (): number => standardOutput.dropped;

const standardOutput = lineWriter(1, {
  afterDrops(count, reason) {
    const msg = `${count} log lines were dropped, as they could not be written: ${reason}`;
    return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), msg })}\n`;
  },
});

/**
 * One JSON object a line: `level` as a word, `time` in RFC 3339, `service`, `msg`, and where they apply `stream`,
 * `topic`, `partition`, `offset`, `event_id` and `trace_id`. Errors go under `err`, with the chain of their causes.
 * What a client wrote can end no line, nor speak to a terminal, and signed tokens are left out. A line that cannot be written is dropped and counted.
 */
export const createLog = (
  { name, level }: { readonly name: string; readonly level: LogLevel },
  destination: DestinationStream = standardOutput,
): Log =>
  pino(
    {
      level,
      base: { service: name },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.errWithCause },
    },
    { write: (line) => destination.write(escapeLineEnds(hideTokens(line))) },
  );
