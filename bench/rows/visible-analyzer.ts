import type { BenchContext, RowResult } from '../row.ts';
import { measureVisible } from '../visible/measure-visible.ts';

/** Until `GET /<stream>?event_id=` answers the event with its position. */
export const run = (context: BenchContext): Promise<RowResult> =>
  measureVisible(context, {
    service: 'analyzer',
    allowedMs: 500,
    routeOf: ({ name }, eventId) => `/${name}?event_id=${eventId}`,
  });
