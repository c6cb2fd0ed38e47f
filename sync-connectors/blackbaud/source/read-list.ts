import { z } from 'zod';
import { VendorFault } from '../../frame/vendor-fault.ts';
import type { SourceRow } from '../rows/map-row.ts';
import type { Sky } from '../sky.ts';

/** A page of a list; `rows` in the vendor's own fields. */
export type Page = {
  readonly rows: readonly SourceRow[];
  /** What the vendor says that there are in all, where it does. */
  readonly count: number | undefined;
  readonly next: string | undefined;
};

const row = z.record(z.string(), z.unknown());
const list = z.object({
  count: z.number().nullish(),
  next_link: z.string().nullish(),
  value: z.array(row),
});

/** Reads `{count, next_link, value}`, or a bare array. Rejects with a `VendorFault` where the path gives anything else. */
export async function readPage(sky: Sky, path: string, parameters: Readonly<Record<string, string>>): Promise<Page> {
  const json = await sky.get(path, parameters);
  const where = path.replace(/[?].*$/, '');
  if (json === undefined)
    throw new VendorFault('config', `config_error: there is nothing at ${where} (404); its path is a setting`);
  const bare = z.array(row).safeParse(json);
  if (bare.success) return { rows: bare.data, count: undefined, next: undefined };
  const parsed = list.safeParse(json);
  if (!parsed.success) throw new VendorFault('config', `config_error: ${where} gives no list of rows under "value"`);
  const { value, count, next_link: next } = parsed.data;
  return { rows: value, count: count ?? undefined, next: next ?? undefined };
}
