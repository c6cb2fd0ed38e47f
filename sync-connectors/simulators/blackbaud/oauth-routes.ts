import { type Exchange, sendJson } from '../frame/exchange.ts';
import type { BlackbaudSettings } from './blackbaud-settings.ts';
import { FIRST_REFRESH_TOKEN, type Granted, type Tokens } from './tokens.ts';

const REFRESH_TOKEN_LIFE = 31_536_000;

const badRequest = ({ res }: Exchange, error: string, error_description: string) =>
  sendJson(res, 400, { error, error_description });

/** The sign-in page, where everybody agrees at once: redirects with a code. */
export function authorize(exchange: Exchange, settings: BlackbaudSettings, tokens: Tokens) {
  const query = exchange.url.searchParams;
  const redirectUri = query.get('redirect_uri') ?? '';
  const challenge = query.get('code_challenge') ?? '';
  if (query.get('client_id') !== settings.client_id)
    return badRequest(exchange, 'unauthorized_client', 'The client_id is not registered.');
  if (!URL.canParse(redirectUri)) return badRequest(exchange, 'invalid_request', 'The redirect_uri is not registered.');
  if (query.get('response_type') !== 'code')
    return badRequest(exchange, 'unsupported_response_type', 'The response_type must be code.');
  if (challenge === '' || query.get('code_challenge_method') !== 'S256')
    return badRequest(exchange, 'invalid_request', 'A code_challenge with the method S256 is needed.');
  const to = new URL(redirectUri);
  to.searchParams.set('code', tokens.issueCode({ clientId: settings.client_id, redirectUri, challenge }));
  const state = query.get('state');
  if (state !== null) to.searchParams.set('state', state);
  exchange.res.writeHead(302, { location: to.href, 'cache-control': 'no-store' }).end();
}

/** `POST /token`: codes and refresh tokens become access tokens. */
export function token(exchange: Exchange, settings: BlackbaudSettings, tokens: Tokens) {
  const { method, headers, res } = exchange;
  if (method !== 'POST') return sendJson(res, 405, { error: 'invalid_request' }, { allow: 'POST' });
  if (!(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    return badRequest(exchange, 'invalid_request', 'The body must be form-encoded.');
  const form = new URLSearchParams(exchange.body);
  const client = clientOf(exchange, form);
  if (client.id !== settings.client_id || !settings.client_secrets.includes(client.secret))
    return sendJson(res, 400, { error: 'invalid_client' });
  const grantType = form.get('grant_type');
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token')
    return badRequest(exchange, 'unsupported_grant_type', 'Only authorization_code and refresh_token are known.');
  const expiresIn = settings.expires_in;
  const granted =
    grantType === 'refresh_token'
      ? tokens.refresh(form.get('refresh_token') ?? '', {
          preserve: form.get('preserve_refresh_token') === 'true',
          expiresIn,
        })
      : tokens.exchangeCode(
          form.get('code') ?? '',
          {
            clientId: client.id,
            redirectUri: form.get('redirect_uri') ?? '',
            verifier: form.get('code_verifier') ?? '',
          },
          expiresIn,
        );
  if (!granted)
    return badRequest(exchange, 'invalid_grant', 'The grant is invalid, expired, revoked or was used before.');
  sendJson(res, 200, tokenAnswer(granted, expiresIn), { 'cache-control': 'no-store' });
}

/** By HTTP Basic, or in the body. */
function clientOf({ headers }: Exchange, form: URLSearchParams): { id: string; secret: string } {
  const [scheme, encoded] = (headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined)
    return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const tokenAnswer = (granted: Granted, expiresIn: number) => ({
  ...granted,
  token_type: 'Bearer',
  expires_in: expiresIn,
  refresh_token_expires_in: REFRESH_TOKEN_LIFE,
  environment_id: 'p-simulator',
  environment_name: 'Simulator',
  legal_entity_id: 'le-simulator',
  legal_entity_name: 'Simulated museum',
  user_id: '00000000-0000-4000-8000-000000000001',
  mode: granted.refresh_token === FIRST_REFRESH_TOKEN ? 'Preserved' : 'Full',
});
