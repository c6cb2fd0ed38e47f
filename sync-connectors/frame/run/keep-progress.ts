import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { Fenced } from './fenced.ts';
import type { LiveCounts } from './live-counts.ts';
import { type OpenPart, runOf, saveProgress } from './part-rows.ts';

/** At most so often are live counts written, and is a cancel on another replica noticed. */
const EVERY_MS = 1_000;

type KeepOptions = {
  readonly db: Database;
  readonly fenced: Fenced;
  readonly part: OpenPart;
  readonly live: LiveCounts;
  readonly log: Log;
  readonly onCancelled: () => void;
};

/** Shows how far an entity is while it is read, until it is closed. */
export function keepProgress({ db, fenced, part, live, log, onCancelled }: KeepOptions): { close(): Promise<void> } {
  let writing: Promise<void> | undefined;
  const timer = setInterval(() => {
    writing ??= write()
      .catch((err: unknown) => log.debug({ err }, 'the progress of a run was not written'))
      .finally(() => {
        writing = undefined;
      });
  }, EVERY_MS);

  return {
    async close() {
      clearInterval(timer);
      await writing;
    },
  };

  async function write(): Promise<void> {
    if ((await runOf(db, part.runId))?.cancelled) onCancelled();
    else if (live.hasNews()) await fenced((trx) => saveProgress(trx, part, live.counts, live.progress));
  }
}
