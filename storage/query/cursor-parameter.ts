import { z } from 'zod';
import type { Cursor } from './cursor.ts';

/** A `cursor` parameter of one list. */
export const cursorParameter = (list: Cursor) =>
  z.string().transform((text, context) => {
    const after = list.read(text);
    if (after) return after;
    context.addIssue({ code: 'custom', message: 'is not a cursor of this list' });
    return z.NEVER;
  });

/** All that makes up a list, but not where a page of it starts and how long it is. */
export function listName(name: string, params: URLSearchParams): string {
  const fixed = [...params].filter(([each]) => each !== 'cursor' && each !== 'limit').sort();
  return `${name}?${new URLSearchParams(fixed)}`;
}
