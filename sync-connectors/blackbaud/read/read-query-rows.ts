import type { ReadItem, Scope } from '../../frame/connector.ts';
import { VendorFault } from '../../frame/vendor-fault.ts';
import type { BlackbaudSettings } from '../settings.ts';
import type { Sky } from '../sky.ts';
import { readQuery } from '../source/read-query.ts';
import { itemsOf, type Mapping } from './items.ts';
import { isRoundCap } from './read-limited-list.ts';

type Request = {
  readonly scope: Scope;
  readonly sky: Sky;
  readonly name: string;
  readonly settings: BlackbaudSettings;
};

/** Reads an ad-hoc query, which is always read whole: of a range it has more than was asked for. */
export async function* readQueryRows(
  { scope, sky, name, settings }: Request,
  mapping: Mapping,
): AsyncGenerator<ReadItem> {
  const { rows, count, columns } = await readQuery(sky, name, settings);
  const lacking = Object.entries(mapping.spec.fields)
    .filter(([, { isRequired }]) => isRequired)
    .filter(
      ([field]) =>
        !(mapping.profile.fields[field] ?? [field]).some((each) => columns.includes(each.split('+')[0] ?? '')),
    )
    .map(([field]) => field);
  if (lacking.length > 0 && rows.length > 0)
    throw new VendorFault(
      'config',
      `config_error: the ad-hoc query "${name}" has no column for ${lacking.join(', ')}; it has ${columns.join(', ')}. Name its columns ` +
        `${Object.keys(mapping.spec.fields).join(', ')}`,
    );
  yield* itemsOf(rows, `query "${name}"`, mapping);
  yield { kind: 'progress', done: rows.length, total: count };
  const isCut =
    rows.length >= settings.BLACKBAUD_QUERY_LIMIT ||
    isRoundCap(rows.length) ||
    (count !== undefined && count !== rows.length);
  if (!isCut) yield { kind: 'complete', scope };
  else {
    const counted = count === undefined ? '' : ` of ${count}`;
    const reason = `the ad-hoc query "${name}" gave ${rows.length}${counted} rows, which may be a limit rather than its end: narrow the query by date, or raise BLACKBAUD_QUERY_LIMIT`;
    yield { kind: 'incomplete', scope, reason };
  }
}
