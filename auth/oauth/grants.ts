import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { Grantee } from '../access-tokens.ts';
import type { Account } from '../account/account.ts';
import type { Authenticate } from '../account/authenticate.ts';
import { findRefreshToken } from '../refresh/find-refresh-token.ts';
import { rotateRefreshToken } from '../refresh/rotate-refresh-token.ts';
import { startFamily } from '../refresh/start-family.ts';
import { commonScopes, grantScopes } from './grant-scopes.ts';
import { invalidClient, invalidRefreshToken, OauthError } from './oauth-error.ts';
import type { TokenRequest } from './token-request.ts';

type GrantOptions = { readonly db: Database; readonly authenticate: Authenticate; readonly log: Log };

/** Who asks: the client, where one has authenticated itself, and the network address. */
export type Asker = { readonly client: Account | undefined; readonly address: string };

export type Granted = Grantee & { readonly refreshToken: string };

/** What a request is granted. Throws an `OauthError` where it is nothing. */
export type Grant = (request: TokenRequest, asker: Asker) => Promise<Granted>;

export function createGrant({ db, authenticate, log }: GrantOptions): Grant {
  return (request, asker) => {
    if (request.grant === 'password') return grantPassword(request, asker);
    if (request.grant === 'refresh_token') return grantRefresh(request, asker);
    return grantClientCredentials(request, asker);
  };

  async function grantPassword(request: TokenRequest & { readonly grant: 'password' }, { client, address }: Asker) {
    const { username: name, password: secret, scope } = request;
    const user = await authenticate({ kind: 'user', name, secret, address });
    if (!user) throw wrongPassword();
    const scopes = grantScopes(scope, client ? commonScopes(user.scopes, client.scopes) : user.scopes);
    const refreshToken = await startFamily(db, { account: user, clientId: client?.name ?? null, scopes });
    if (refreshToken === undefined) throw wrongPassword();
    return { subject: user.subject, clientId: client?.name ?? user.name, scopes, refreshToken };
  }

  async function grantClientCredentials({ scope }: TokenRequest, { client }: Asker) {
    if (!client) throw new OauthError('invalid_client', 'client_credentials needs a client and its secret.');
    const scopes = grantScopes(scope, client.scopes);
    const refreshToken = await startFamily(db, { account: client, clientId: client.name, scopes });
    if (refreshToken === undefined) throw invalidClient();
    return { subject: client.subject, clientId: client.name, scopes, refreshToken };
  }

  /** All is checked before the token is used up: a refused request changes nothing. */
  async function grantRefresh(request: TokenRequest & { readonly grant: 'refresh_token' }, { client }: Asker) {
    const found = await findRefreshToken(db, request.refreshToken);
    if (!found) throw invalidRefreshToken();
    const { id, clientId, accountName, subject, scopes: held } = found.family;
    if (clientId !== null && !client) throw new OauthError('invalid_client', 'The refresh token needs its client.');
    if (clientId !== (client?.name ?? null))
      throw new OauthError('invalid_grant', 'The refresh token was not issued to this client.');
    const scopes = grantScopes(request.scope, held);
    const rotation = await rotateRefreshToken(db, request.refreshToken, id);
    if (rotation === 'reused')
      log.warn({ family: id, account: accountName }, 'a refresh token was used again; its family has ended');
    if (typeof rotation === 'string') throw invalidRefreshToken();
    return { subject, clientId: clientId ?? accountName, scopes, refreshToken: rotation.successor };
  }
}

const wrongPassword = () => new OauthError('invalid_grant', 'The username is unknown, or the password is wrong.');
