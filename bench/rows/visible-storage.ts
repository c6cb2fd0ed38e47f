import type { BenchContext, RowResult } from '../row.ts';
import { measureVisible } from '../visible/measure-visible.ts';

/** Until `GET <path>/<event_id>` answers the row. */
export const run = (context: BenchContext): Promise<RowResult> =>
  measureVisible(context, {
    service: 'storage',
    allowedMs: 250,
    routeOf: ({ path }, eventId) => `${path}/${eventId}`,
  });
