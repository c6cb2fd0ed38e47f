import { createLog, type Log, type LogLevel } from '@millrace/core/log/create-log';

type Line = Readonly<Record<string, unknown>>;

/** A real log that keeps its lines, parsed. */
export function capturedLog(level: LogLevel = 'trace'): { readonly log: Log; readonly lines: Line[] } {
  const lines: Line[] = [];
  const log = createLog({ name: 'test', level }, { write: (line) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}
