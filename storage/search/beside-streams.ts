import { nameLiteral } from '@millrace/core/database/sql-literal';
import type { Stream } from '@millrace/core/schema/stream';
import type { Beside } from '../write/open-sink.ts';
import { keepPlans } from './keep-plans.ts';
import { listingsStream } from './listings-stream.ts';

/** By the stream's name, what is kept beside its rows: of listings, the plans that are searched. */
export function besideStreams(streams: readonly Stream[]): ReadonlyMap<string, Beside> {
  const stream = listingsStream(streams);
  if (!stream) return new Map();
  const listings = nameLiteral(stream.table);
  return new Map([[stream.name, (trx, changes) => keepPlans(trx, listings, changes)]]);
}
