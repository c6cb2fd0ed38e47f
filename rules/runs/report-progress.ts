import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { noteProgress } from './run-rows.ts';

const EVERY_MS = 1_000;

/** Shows how far a run is, and that somebody is at it, until it is closed. */
export function reportProgress(db: Database, runId: string, read: () => number, log: Log): { close(): Promise<void> } {
  let writing: Promise<void> | undefined;
  const write = () => {
    writing ??= noteProgress(db, runId, read())
      .catch((err: unknown) => log.debug({ err, run_id: runId }, 'the progress of a run was not written'))
      .finally(() => {
        writing = undefined;
      });
  };
  write();
  const timer = setInterval(write, EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await writing;
    },
  };
}
