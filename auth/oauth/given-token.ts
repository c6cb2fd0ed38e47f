import { invalidRequest } from './oauth-error.ts';
import type { Parameters } from './parameters.ts';

/** Three parts with points between. Refresh tokens have no point. */
const JWT = /^[\w-]*\.[\w-]*\.[\w-]*$/;

/** The token that a request is about. Throws `invalid_request` with every fault. */
export function givenToken({ values, faults }: Parameters): {
  readonly token: string;
  readonly isAccessToken: boolean;
} {
  const token = values.get('token');
  const missing = token === undefined && !faults.some((fault) => fault.startsWith('token '));
  const all = missing ? [...faults, 'token is required'] : faults;
  if (token === undefined || all.length > 0) throw invalidRequest(all);
  return { token, isAccessToken: JWT.test(token) };
}
