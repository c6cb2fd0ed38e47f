import { startStorage } from '@millrace/storage/harness/start-storage';
import type { BenchContext, RowResult } from '../row.ts';
import { withDatabase } from '../storage/with-database.ts';
import { measureVisible } from '../visible/measure-visible.ts';

/** Until `GET <path>/<event_id>` answers the row. */
export const run = (context: BenchContext): Promise<RowResult> =>
  withDatabase(context.databaseUrl, (databaseUrl) =>
    measureVisible(context, {
      service: 'storage',
      allowedMs: 250,
      start: ({ topic, schemasDir }) =>
        startStorage({
          kafkaBrokers: context.kafkaBrokers.join(','),
          registryUrl: context.registryUrl,
          databaseUrl,
          schemasDir,
          groupPrefix: `${topic}-`,
        }),
      addressOf: (url, { path }, eventId) => `${url}${path}/${eventId}`,
    }),
  );
