import { OauthError } from './oauth-error.ts';
import type { Parameters } from './parameters.ts';

/** What a request gives as its client's id and secret. */
export type ClientCredentials = { readonly id: string; readonly secret: string };

const SCHEME = /^([\w!#$%&'*+.^`|~-]+)(?: +|$)/;
const BASE64 = /^[A-Za-z\d+/_-]+={0,2}$/;

const unreadable = () =>
  new OauthError(
    'invalid_client',
    'The Authorization header must be Basic with a form-encoded client id and secret (RFC 6749, section 2.3.1).',
  );

/**
 * Of a Basic header, or of `client_id` and `client_secret` in the body; undefined when neither is there. A header that is empty on both
 * sides of its colon names no client: Swagger UI sends it with a user's password. Throws `invalid_client` for another header, and
 * `invalid_request` for both at once.
 */
export function clientCredentials(
  authorization: string | undefined,
  parameters: Parameters,
): ClientCredentials | undefined {
  const { values } = parameters;
  const [id, secret] = [values.get('client_id'), values.get('client_secret')];
  if (authorization === undefined) {
    if (id === undefined && secret === undefined) return undefined;
    if (id === undefined) throw new OauthError('invalid_request', 'client_secret was given without client_id.');
    return { id, secret: secret ?? '' };
  }
  const basic = basicCredentials(authorization);
  if (basic.id === '' && basic.secret === '') return clientCredentials(undefined, parameters);
  if (secret !== undefined || (id !== undefined && id !== basic.id))
    throw new OauthError(
      'invalid_request',
      'The client must be named once: in the Authorization header or in the body.',
    );
  return basic;
}

function basicCredentials(authorization: string): ClientCredentials {
  const [all, scheme = ''] = SCHEME.exec(authorization) ?? [''];
  const encoded = authorization.slice(all.length).trim();
  if (scheme.toLowerCase() !== 'basic' || !BASE64.test(encoded)) throw unreadable();
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw unreadable();
  return { id: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw unreadable();
  }
}
