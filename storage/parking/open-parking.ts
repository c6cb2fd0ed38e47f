import type { Database } from '@millrace/core/database/open-database';
import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import type { Table } from '../table/column.ts';
import type { ParkingLimits } from './limits-setting.ts';
import { parkingRoutes } from './parking-routes.ts';
import { parkingStreams } from './parking-streams.ts';

type ParkingOptions = {
  readonly db: Database;
  readonly tables: readonly Table[];
  readonly streams: readonly Stream[];
  readonly limits: ParkingLimits;
  readonly timeoutMs: number;
};

/** The routes of parking, where there are ticketed events and parking passes. */
export function openParking({ db, tables, streams, limits, timeoutMs }: ParkingOptions): Route[] {
  const found = parkingStreams(streams);
  const tableOf = (stream: Stream | undefined) => tables.find(({ name }) => name === stream?.table);
  const [events, passes] = [tableOf(found?.events), tableOf(found?.passes)];
  if (!found || !events || !passes) return [];
  return parkingRoutes({ db, streams: found, tables: { events, passes }, limits, timeoutMs });
}
