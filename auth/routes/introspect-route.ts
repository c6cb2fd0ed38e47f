import type { Database } from '@millrace/core/database/open-database';
import type { Request } from '@millrace/core/http/route-table';
import type { AccessTokens } from '../access-tokens.ts';
import { givenToken } from '../oauth/given-token.ts';
import { OauthError } from '../oauth/oauth-error.ts';
import { type Parameters, readParameters } from '../oauth/parameters.ts';
import { findRefreshToken } from '../refresh/find-refresh-token.ts';
import type { IdentifyClient } from './identify-client.ts';
import type { Handle } from './oauth-route.ts';

type IntrospectOptions = {
  readonly db: Database;
  readonly tokens: AccessTokens;
  readonly identifyClient: IdentifyClient;
};

const BEARER = /^bearer +/i;
const NEEDED = 'admin';

/** `POST /introspect` (RFC 7662): what a token is, for who has the scope `admin`, as a client or by an access token. */
export function createAnswerIntrospect({ db, tokens, identifyClient }: IntrospectOptions): Handle {
  return async (req, res) => {
    const parameters = await readParameters(req, ['token', 'client_id', 'client_secret']);
    const { token, isAccessToken } = givenToken(parameters);
    if (!(await scopesOf(req, parameters)).includes(NEEDED))
      throw new OauthError('insufficient_scope', 'Introspection needs the scope admin.');
    res.json((await (isAccessToken ? describeAccessToken(token) : describeRefreshToken(token))) ?? { active: false });
  };

  async function scopesOf(req: Request, parameters: Parameters): Promise<readonly string[]> {
    const { authorization } = req.headers;
    if (authorization !== undefined && BEARER.test(authorization)) {
      const claims = await tokens.read(authorization.replace(BEARER, ''));
      if (!claims) throw new OauthError('invalid_token', 'The access token is not valid here, or has ended.');
      return claims.scope.split(' ');
    }
    const client = await identifyClient(req, parameters);
    if (!client) throw new OauthError('invalid_client', 'Introspection needs a client with the scope admin.');
    return client.scopes;
  }

  async function describeAccessToken(token: string) {
    const claims = await tokens.read(token);
    return claims && { active: true, token_type: 'Bearer', ...claims };
  }

  async function describeRefreshToken(token: string) {
    const found = await findRefreshToken(db, token);
    if (!found?.unused) return undefined;
    const { clientId, accountName, subject, scopes } = found.family;
    return {
      ...{ active: true, sub: subject, client_id: clientId ?? accountName, scope: scopes.join(' ') },
      ...{ iat: found.issuedAt, exp: found.expiresAt },
    };
  }
}
