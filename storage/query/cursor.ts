import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SqlType } from '@millrace/core/table/sql-type';
import { z } from 'zod';
import { storedLiteral } from './stored-literal.ts';

/** A position between two rows: the last row's time and key, as stored. */
export type Position = { readonly time: string; readonly key: string | number };

/** What a list is ordered by. */
export type CursorTypes = { readonly time: SqlType; readonly key: SqlType };

const body = z.tuple([z.string(), z.union([z.string(), z.number()])]);
const CHECK_BYTES = 6;

/** Of one list: writes and reads its opaque cursors. */
export type Cursor = {
  write(position: Position): string;
  /** Undefined for anything but a cursor of this list. */
  read(cursor: string): Position | undefined;
};

/**
 * The check binds a cursor to its list (stream, order and filters), so that one from elsewhere or one that was edited is refused
 * rather than answered with rows that don't follow. It is no secret: a cursor shows nothing that rows don't, and one that
 * somebody made with the right check is read as strictly as any other input.
 */
export function createCursor(list: string, types: CursorTypes): Cursor {
  const check = (bytes: Buffer) => createHmac('sha256', list).update(bytes).digest().subarray(0, CHECK_BYTES);

  return {
    write({ time, key }) {
      const bytes = Buffer.from(JSON.stringify([time, key]));
      return Buffer.concat([check(bytes), bytes]).toString('base64url');
    },

    read(cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.toString('base64url') !== cursor || bytes.length <= CHECK_BYTES) return undefined;
      const checked = bytes.subarray(CHECK_BYTES);
      if (!timingSafeEqual(bytes.subarray(0, CHECK_BYTES), check(checked))) return undefined;
      const parsed = body.safeParse(jsonOf(checked.toString()));
      if (!parsed.success) return undefined;
      const [time, key] = parsed.data;
      const isOfTheList = storedLiteral(types.time, time) !== undefined && storedLiteral(types.key, key) !== undefined;
      return isOfTheList ? { time, key } : undefined;
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
