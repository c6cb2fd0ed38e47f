import type { Response } from '@millrace/core/http/route-table';
import { z } from 'zod';

const rowOf = (cursor: string) => Buffer.from(cursor, 'base64url').toString();
const cursorError = { error: 'is not a cursor of this list' };

export const attemptCursor = z
  .string()
  .transform(rowOf)
  .refine((text) => /^\d{1,15}$/.test(text), cursorError)
  .transform(Number);

export const deliveryCursor = z
  .string()
  .transform(rowOf)
  .refine((text) => /^[\da-f-]{36}$/.test(text), cursorError);

const cursorAt = (position: string | number): string => Buffer.from(String(position)).toString('base64url');

/** Names the page of a list that comes after a position. */
export function linkNext(res: Response, path: string, params: URLSearchParams, position: string | number): void {
  params.set('cursor', cursorAt(position));
  res.set('link', `<${path}?${params}>; rel="next"`);
}
