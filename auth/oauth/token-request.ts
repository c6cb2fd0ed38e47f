import { invalidRequest, OauthError } from './oauth-error.ts';
import type { Parameters } from './parameters.ts';

export const grantTypes = ['password', 'client_credentials', 'refresh_token'] as const;
export type GrantType = (typeof grantTypes)[number];

/** What `POST /token` asks for; `scope` as it was given. */
export type TokenRequest = { readonly scope: string | undefined } & (
  | { readonly grant: 'password'; readonly username: string; readonly password: string }
  | { readonly grant: 'client_credentials' }
  | { readonly grant: 'refresh_token'; readonly refreshToken: string }
);

/** The parameters that the route reads. */
export const tokenParameters = [
  'grant_type',
  'username',
  'password',
  'refresh_token',
  'scope',
  'client_id',
  'client_secret',
] as const;

/** Throws `invalid_request` with every fault, and `unsupported_grant_type`. */
export function readTokenRequest({ values, faults }: Parameters): TokenRequest {
  const grant = values.get('grant_type');
  const given = (name: (typeof tokenParameters)[number]) => values.get(name) ?? '';
  const required = { password: ['username', 'password'], refresh_token: ['refresh_token'], client_credentials: [] };
  const needed = grant === undefined ? ['grant_type'] : isGrantType(grant) ? required[grant] : [];
  const missing = needed.filter((name) => !values.has(name) && !faults.some((fault) => fault.startsWith(`${name} `)));
  const all = [...faults, ...missing.map((name) => `${name} is required`)];
  if (all.length > 0) throw invalidRequest(all);
  const scope = values.get('scope');
  if (grant === 'password') return { grant, scope, username: given('username'), password: given('password') };
  if (grant === 'refresh_token') return { grant, scope, refreshToken: given('refresh_token') };
  if (grant === 'client_credentials') return { grant, scope };
  throw new OauthError('unsupported_grant_type', `grant_type must be one of ${grantTypes.join(', ')}.`);
}

const isGrantType = (text: string): text is GrantType => grantTypes.some((each) => each === text);
