import type { Response } from '@millrace/core/http/route-table';
import { stringify } from 'lossless-json';

/** Answers JSON in which numbers that no double holds have all their digits. */
export function sendJson(res: Response, body: object): void {
  res.type('application/json').send(stringify(body));
}
