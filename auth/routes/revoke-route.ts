import type { Database } from '@millrace/core/database/open-database';
import { givenToken } from '../oauth/given-token.ts';
import { OauthError } from '../oauth/oauth-error.ts';
import { readParameters } from '../oauth/parameters.ts';
import { endFamily } from '../refresh/end-family.ts';
import { findRefreshToken } from '../refresh/find-refresh-token.ts';
import type { IdentifyClient } from './identify-client.ts';
import type { Handle } from './oauth-route.ts';

type RevokeOptions = { readonly db: Database; readonly identifyClient: IdentifyClient };

/** `POST /revoke` (RFC 7009): ends a refresh token and all of its family. An access token ends by itself within its quarter of an hour. */
export const createAnswerRevoke =
  ({ db, identifyClient }: RevokeOptions): Handle =>
  async (req, res) => {
    const parameters = await readParameters(req, ['token', 'client_id', 'client_secret']);
    const { token, isAccessToken } = givenToken(parameters);
    const client = await identifyClient(req, parameters);
    if (isAccessToken)
      throw new OauthError('unsupported_token_type', 'An access token cannot be revoked; it ends within 15 minutes.');
    const found = await findRefreshToken(db, token);
    if (found) {
      const { id, clientId } = found.family;
      if (clientId !== null && !client) throw new OauthError('invalid_client', 'The refresh token needs its client.');
      if (clientId !== null && clientId !== client?.name)
        throw new OauthError('invalid_grant', 'The refresh token was not issued to this client.');
      await endFamily(db, id);
    }
    res.status(200).end();
  };
