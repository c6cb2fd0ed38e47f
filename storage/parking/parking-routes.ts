import { readOf } from '@millrace/core/access/access';
import { insufficientScope, ownerOnly } from '@millrace/core/access/caller';
import type { Database } from '@millrace/core/database/open-database';
import { nameLiteral } from '@millrace/core/database/sql-literal';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { equalSql } from '../query/equal-sql.ts';
import { runQuery } from '../query/run-query.ts';
import type { Table } from '../table/column.ts';
import { type Availability, availabilityOf } from './availability-of.ts';
import type { ParkingLimits } from './limits-setting.ts';
import { type ParkingStreams, parkingPath } from './parking-streams.ts';

type ParkingOptions = {
  readonly db: Database;
  readonly streams: ParkingStreams;
  readonly tables: { readonly events: Table; readonly passes: Table };
  readonly limits: ParkingLimits;
  readonly timeoutMs: number;
};

/** `GET /ticketing/events/<id>/parking-availability`: of each type how many passes there are, were issued and are left. */
export function parkingRoutes({ db, streams, tables, limits, timeoutMs }: ParkingOptions): Route[] {
  return [{ method: 'get', path: parkingPath(':id'), access: readOf(streams.passes), handler: answer }];

  async function answer({ params: { id } }: Request, res: Response): Promise<void> {
    if (ownerOnly(res.locals.caller, streams.passes) !== undefined)
      throw insufficientScope('Counting passes needs the scope read or read:parking-passes, not read:own.', 'read');
    const found = typeof id === 'string' ? await availabilityAt(id) : undefined;
    if (!found) throw new Problem('not-found', `There is no ticketed event ${id}.`);
    res.json(found);
  }

  /** Both in one statement, so that an event and its passes are of one moment. Undefined for an event that is not known. */
  async function availabilityAt(id: string): Promise<Availability[] | undefined> {
    const isEvent = whereEvent(tables.events, id);
    const ofEvent = whereEvent(tables.passes, id);
    if (isEvent === undefined || ofEvent === undefined) return undefined;
    const rows = await runQuery(
      db,
      `SELECT NULL AS pass_type, COUNT(*) AS issued FROM ${nameLiteral(tables.events.name)} WHERE ${isEvent}
       UNION ALL
       SELECT pass_type, COUNT(*) FROM ${nameLiteral(tables.passes.name)}
       WHERE ${ofEvent} AND stale_since IS NULL GROUP BY pass_type`,
      timeoutMs,
    );
    const isKnown = rows.some((row) => row.pass_type === null && Number(row.issued) > 0);
    const issued = rows.flatMap((row) =>
      row.pass_type === null ? [] : [[String(row.pass_type), Number(row.issued)] as const],
    );
    return isKnown ? availabilityOf(limits, new Map(issued)) : undefined;
  }
}

function whereEvent({ columns }: Table, id: string): string | undefined {
  const column = columns.find(({ name }) => name === 'ticketed_event_id');
  return column && equalSql(column, id);
}
