import { z } from 'zod';
import { VendorFault } from '../../frame/vendor-fault.ts';
import type { SourceRow } from '../rows/map-row.ts';
import type { BlackbaudSettings } from '../settings.ts';
import type { Sky } from '../sky.ts';

type Settings = Pick<BlackbaudSettings, 'BLACKBAUD_QUERY_ID_PATH' | 'BLACKBAUD_QUERY_PATH' | 'BLACKBAUD_QUERY_LIMIT'>;

const named = z.object({ id: z.string().min(1) });
const cells = z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]));
const result = z.object({
  count: z.number().nullish(),
  fields: z.array(z.string()).nullish(),
  field_names: z.array(z.string()).nullish(),
  rows: z.array(cells),
});

export type QueryRows = {
  readonly rows: readonly SourceRow[];
  readonly count: number | undefined;
  readonly columns: readonly string[];
};

/** The rows of the ad-hoc query that a person has saved under a name. Rejects with a `VendorFault`. */
export async function readQuery(sky: Sky, name: string, settings: Settings): Promise<QueryRows> {
  const idPath = settings.BLACKBAUD_QUERY_ID_PATH.replace('{name}', encodeURIComponent(name));
  const found = named.safeParse(await sky.get(idPath));
  if (!found.success)
    throw new VendorFault(
      'config',
      `config_error: there is no ad-hoc query named "${name}", or the user who logged in may not see it`,
    );
  const path = settings.BLACKBAUD_QUERY_PATH.replace('{id}', encodeURIComponent(found.data.id));
  const given = result.safeParse(await sky.get(path, { limit: String(settings.BLACKBAUD_QUERY_LIMIT) }));
  if (!given.success)
    throw new VendorFault('config', `config_error: the ad-hoc query "${name}" gives no rows and fields`);
  const { rows, count, fields, field_names } = given.data;
  const columns = (field_names ?? fields ?? []).map(columnName);
  const others = (fields ?? []).map(columnName);
  return {
    rows: rows.map((values) => ({ ...rowOf(others, values), ...rowOf(columns, values) })),
    count: count ?? undefined,
    columns,
  };
}

/** `Pass type` and `PASS_TYPE` are one column: `pass_type`. */
export const columnName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

const rowOf = (columns: readonly string[], values: z.output<typeof cells>): SourceRow =>
  Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]));
