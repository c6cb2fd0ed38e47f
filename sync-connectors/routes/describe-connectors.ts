import type { Database } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { sourceOf } from '../frame/run/run.ts';
import type { OpenConnector } from '../frame/run/run-options.ts';
import type { Schedule } from '../frame/schedule/schedules.ts';
import { cursorsOf } from '../frame/state/entity-state.ts';

type Row = { readonly name: string; readonly paused: number; readonly run_id: string | null };

/** What `GET /sync/connectors` shows of each connector. */
export async function describeConnectors(
  db: Database,
  connectors: readonly OpenConnector[],
  schedules: readonly Schedule[],
) {
  const [rows, cursors] = await Promise.all([
    selectRows<Row>(db, 'SELECT name, paused, run_id FROM sync_connectors'),
    cursorsOf(db),
  ]);
  return Promise.all(
    connectors.map(async ({ connector, budget, caller, entities }) => {
      const { name } = connector;
      const row = rows.find((each) => each.name === name);
      const own = schedules.filter(({ open }) => open.connector === connector);
      const limit = (calls: number) => (Number.isFinite(calls) ? calls : null);
      return {
        name,
        paused: row?.paused === 1,
        run_id: row?.run_id ?? null,
        entities: entities().map((entity) => ({
          name: entity.name,
          stream: entity.stream,
          has_ranges: entity.hasRanges,
          cursor: cursors.get(sourceOf(name, entity.name)) ?? null,
        })),
        schedules: own.map(({ pattern, full, next }) => ({ cron: pattern, full, next_tick: next()?.toJSON() ?? null })),
        budget: {
          per_second: limit(connector.budget.perSecond),
          per_day: limit(connector.budget.perDay),
          left_today: (await budget.left()) ?? null,
        },
        vendor: caller.isOpen() ? 'left alone' : 'called',
        last_day: (await connector.lastDay?.().catch(() => undefined)) ?? null,
      };
    }),
  );
}
