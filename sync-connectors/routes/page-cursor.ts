import { validate as isUuid } from 'uuid';
import { z } from 'zod';

/** Where a page ended, as clients get it: opaque. */
export const writeCursor = (position: string): string => Buffer.from(position).toString('base64url');

const text = z.string().transform((given) => Buffer.from(given, 'base64url').toString());
const error = 'is not a cursor of this list';

export const runCursor = text.refine(isUuid, { error });
export const offsetCursor = text.refine((given) => /^\d{1,9}$/.test(given), { error }).transform(Number);
