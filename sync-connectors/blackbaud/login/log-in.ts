import type { Database } from '@millrace/core/database/open-database';
import { Problem } from '@millrace/core/problem/problem';
import * as oauth from 'oauth4webapi';
import type { BlackbaudSettings } from '../settings.ts';
import { createTokenEndpoint } from '../token/token-endpoint.ts';
import { createTokenRow } from '../token/token-row.ts';
import { hashOf } from '../token/tokens.ts';
import { awaitRedirect } from './await-redirect.ts';

type LoginOptions = {
  readonly settings: BlackbaudSettings;
  readonly db: Database;
  readonly secretsKey: string;
  readonly say: (line: string) => void;
  readonly withinMs?: number;
};

const WITHIN_MS = 600_000;

/**
 * Logs a person in: authorization code with PKCE (RFC 7636), returned to an address on loopback (RFC 8252, section 7.3). The tokens go
 * into the database, sealed, in the place of any other login of the application. Answers the last day of the login.
 */
export async function logIn({ settings, db, secretsKey, say, withinMs = WITHIN_MS }: LoginOptions): Promise<string> {
  const { BLACKBAUD_CLIENT_ID: clientId, BLACKBAUD_AUTHORIZE_URL: authorizeUrl } = settings;
  if (clientId === '' || settings.BLACKBAUD_CLIENT_SECRET === '')
    throw new Problem('invalid-config', 'BLACKBAUD_CLIENT_ID and BLACKBAUD_CLIENT_SECRET are not set');
  const redirect = await awaitRedirect(settings.BLACKBAUD_LOGIN_PORT, withinMs);
  try {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const url = new URL(authorizeUrl);
    const challenge = await oauth.calculatePKCECodeChallenge(verifier);
    for (const [name, value] of Object.entries({
      ...{ client_id: clientId, response_type: 'code', redirect_uri: redirect.uri, state },
      ...{ code_challenge: challenge, code_challenge_method: 'S256' },
    }))
      url.searchParams.set(name, value);
    for (const line of stepsOf(redirect.uri, url)) say(line);

    const returned = codeIn(await redirect.arrived, settings, state);
    const granted = await createTokenEndpoint(settings).exchange(returned, redirect.uri, verifier);
    if (granted?.newRefreshToken === undefined)
      throw new Problem(
        'invalid-config',
        'the vendor did not take the code: log in again, and soon after the page has come',
      );
    const row = createTokenRow(clientId, secretsKey);
    const firstToken = settings.BLACKBAUD_REFRESH_TOKEN;
    const login = { refreshToken: granted.newRefreshToken, granted };
    await row.begin(db, { ...login, triedTokens: firstToken === '' ? [] : [hashOf(firstToken)] }, 'any');
    return (await row.read(db))?.lastDay ?? '';
  } finally {
    await redirect.close();
  }
}

const stepsOf = (redirectUri: string, url: URL): readonly string[] => [
  'Log in at Blackbaud, once for all replicas:',
  '',
  '1. At developer.blackbaud.com, among the redirect URIs of the application, this very address is registered:',
  `     ${redirectUri}`,
  '2. An administrator of the environment has connected the application (Marketplace, Manage, Connect application),',
  '   else nobody can agree to it.',
  '3. Open this address in a browser on this machine, and agree:',
  '',
  `     ${url.href}`,
  '',
];

function codeIn(
  arrived: URL,
  { BLACKBAUD_CLIENT_ID, BLACKBAUD_TOKEN_URL }: BlackbaudSettings,
  state: string,
): URLSearchParams {
  try {
    const server = { issuer: new URL(BLACKBAUD_TOKEN_URL).origin };
    return oauth.validateAuthResponse(server, { client_id: BLACKBAUD_CLIENT_ID }, arrived.searchParams, state);
  } catch (error) {
    const refused = error instanceof oauth.AuthorizationResponseError && /^[\w.-]{1,60}$/.test(error.error);
    const why = refused ? `the vendor answered ${error.error}` : 'what came back does not belong to this login';
    throw new Problem('invalid-config', `${why}; nothing was changed`);
  }
}
