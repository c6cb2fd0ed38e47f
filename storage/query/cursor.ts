import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** The place between two rows: the last row's time as stored, and its key. */
export type Place = { readonly time: string; readonly key: string | number };

const place = z.tuple([
  z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6}$/),
  z.union([z.string(), z.number()]),
]);
const CHECK_BYTES = 6;

/**
 * Opaque cursors of one list. The check binds a cursor to its list (stream, order and filters), so that one from elsewhere or one
 * that was edited is refused rather than answered with rows that don't follow. It is no secret: a cursor shows nothing that rows don't.
 */
export function createCursor(list: string) {
  const check = (body: Buffer) => createHmac('sha256', list).update(body).digest().subarray(0, CHECK_BYTES);

  return {
    write({ time, key }: Place): string {
      const body = Buffer.from(JSON.stringify([time, key]));
      return Buffer.concat([check(body), body]).toString('base64url');
    },

    /** Undefined for anything but a cursor of this list. */
    read(cursor: string): Place | undefined {
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.toString('base64url') !== cursor) return undefined;
      const body = bytes.subarray(CHECK_BYTES);
      if (bytes.length <= CHECK_BYTES || !timingSafeEqual(bytes.subarray(0, CHECK_BYTES), check(body)))
        return undefined;
      const parsed = place.safeParse(JSON.parse(body.toString()));
      return parsed.success ? { time: parsed.data[0], key: parsed.data[1] } : undefined;
    },
  };
}
