import type { ClientAddressOf } from '@millrace/core/http/client-address';
import { ACCESS_TOKEN_SECONDS } from '../access-token-seconds.ts';
import type { AccessTokens } from '../access-tokens.ts';
import type { Grant } from '../oauth/grants.ts';
import { readParameters } from '../oauth/parameters.ts';
import { type GrantType, readTokenRequest, tokenParameters } from '../oauth/token-request.ts';
import type { IdentifyClient } from './identify-client.ts';
import type { Handle } from './oauth-route.ts';

type TokenOptions = {
  readonly grant: Grant;
  readonly tokens: AccessTokens;
  readonly identifyClient: IdentifyClient;
  readonly addressOf: ClientAddressOf;
  readonly onIssued: (grant: GrantType) => void;
};

/** `POST /token` (RFC 6749). */
export const createAnswerToken =
  ({ grant, tokens, identifyClient, addressOf, onIssued }: TokenOptions): Handle =>
  async (req, res) => {
    const parameters = await readParameters(req, tokenParameters);
    const request = readTokenRequest(parameters);
    const client = await identifyClient(req, parameters);
    const { refreshToken, ...grantee } = await grant(request, { client, address: addressOf(req) });
    const accessToken = await tokens.issue(grantee);
    onIssued(request.grant);
    res.json({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
      refresh_token: refreshToken,
      scope: grantee.scopes.join(' '),
    });
  };
