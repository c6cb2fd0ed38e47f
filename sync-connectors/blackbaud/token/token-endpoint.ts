import * as oauth from 'oauth4webapi';
import { VendorFault } from '../../frame/vendor-fault.ts';
import type { BlackbaudSettings } from '../settings.ts';
import type { Granted } from './token-row.ts';

export type TokenEndpoint = {
  /** Undefined is `invalid_grant`. Rejects with a `VendorFault`, whose text holds no token. */
  refresh(refreshToken: string, options: { readonly preserve: boolean }): Promise<Granted | undefined>;
  /** Exchanges the parameters that a login has returned with. */
  exchange(returned: URLSearchParams, redirectUri: string, verifier: string): Promise<Granted | undefined>;
};

/** What a vendor may take to answer. The answer is waited for also while a run is cancelled, as it may hold the only new token. */
const TIMEOUT_MS = 30_000;
const DEFAULT_EXPIRES_IN = 3_600;

type Settings = Pick<
  BlackbaudSettings,
  'BLACKBAUD_CLIENT_ID' | 'BLACKBAUD_CLIENT_SECRET' | 'BLACKBAUD_CLIENT_SECRET_2' | 'BLACKBAUD_TOKEN_URL'
>;

export function createTokenEndpoint(settings: Settings): TokenEndpoint {
  const { BLACKBAUD_CLIENT_ID: client_id, BLACKBAUD_TOKEN_URL: token_endpoint } = settings;
  const secrets = [settings.BLACKBAUD_CLIENT_SECRET, settings.BLACKBAUD_CLIENT_SECRET_2].filter((text) => text !== '');
  const { origin, pathname } = new URL(token_endpoint);
  const where = origin + pathname;
  const server: oauth.AuthorizationServer = { issuer: origin, token_endpoint };
  const client: oauth.Client = { client_id };
  const options = () => ({
    signal: AbortSignal.timeout(TIMEOUT_MS),
    [oauth.allowInsecureRequests]: token_endpoint.startsWith('http:'),
  });

  return {
    refresh: (refreshToken, { preserve }) =>
      withSecrets(async (auth) => {
        const response = await oauth.refreshTokenGrantRequest(server, client, auth, refreshToken, {
          ...options(),
          ...(preserve && { additionalParameters: { preserve_refresh_token: 'true' } }),
        });
        return grantedOf(await oauth.processRefreshTokenResponse(server, client, response), refreshToken);
      }),
    exchange: (returned, redirectUri, verifier) =>
      withSecrets(async (auth) => {
        const response = await oauth.authorizationCodeGrantRequest(
          ...([server, client, auth, returned, redirectUri, verifier, options()] as const),
        );
        return grantedOf(await oauth.processAuthorizationCodeResponse(server, client, response), undefined);
      }),
  };

  /** The second secret of the application is tried where the first is refused: one may be replaced while the other works. */
  async function withSecrets(ask: (auth: oauth.ClientAuth) => Promise<Granted>): Promise<Granted | undefined> {
    for (const secret of secrets) {
      try {
        return await ask(oauth.ClientSecretBasic(secret));
      } catch (error) {
        const code = codeOf(error);
        if (code === 'invalid_grant') return undefined;
        if (code !== 'invalid_client') throw faultOf(error, code);
      }
    }
    const tried =
      secrets.length === 1 ? 'BLACKBAUD_CLIENT_SECRET' : 'BLACKBAUD_CLIENT_SECRET nor BLACKBAUD_CLIENT_SECRET_2';
    throw new VendorFault(
      'config',
      `the vendor accepts ${secrets.length === 1 ? 'not' : 'neither'} ${tried}, with this BLACKBAUD_CLIENT_ID`,
    );
  }

  function faultOf(error: unknown, code: string | undefined): VendorFault {
    if (code !== undefined) return new VendorFault('config', `${where} refused: ${code}`);
    const status =
      error instanceof oauth.OperationProcessingError ? 'gave an answer that is no token' : 'did not answer';
    return new VendorFault('unavailable', `${where} ${status}`);
  }
}

const CODES = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
].concat(['invalid_scope', 'server_error', 'temporarily_unavailable', 'access_denied']);

/** The error that the vendor named (RFC 6749, section 5.2); any other text could repeat what was sent. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof oauth.ResponseBodyError) return CODES.includes(error.error) ? error.error : 'an error';
  return error instanceof oauth.WWWAuthenticateChallengeError ? 'invalid_client' : undefined;
}

function grantedOf(answer: oauth.TokenEndpointResponse, used: string | undefined): Granted {
  const { refresh_token, refresh_token_expires_in: left } = answer;
  return {
    accessToken: answer.access_token,
    expiresInSeconds: answer.expires_in ?? DEFAULT_EXPIRES_IN,
    newRefreshToken: refresh_token === used ? undefined : refresh_token,
    refreshSecondsLeft: typeof left === 'number' && left > 0 ? Math.floor(left) : undefined,
  };
}
