import { z } from 'zod';
import type { Validators } from './read-provider.ts';

/** The cursor: what each provider said of its feed when it was last read whole, by the provider's name. */
type ListingsCursor = ReadonlyMap<string, Validators>;

const cursorShape = z.record(
  z.string(),
  z.object({ url: z.string(), etag: z.string().nullable(), last_modified: z.string().nullable() }),
);

/** A cursor that somebody has written by hand may be anything: then every feed is read whole. */
export function parseCursor(cursor: unknown): ListingsCursor {
  const parsed = cursorShape.safeParse(cursor);
  return new Map(parsed.success ? Object.entries(parsed.data) : []);
}
