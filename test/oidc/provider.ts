import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createLog } from '@millrace/core/log/create-log';
import Provider, { type Configuration } from 'oidc-provider';
import { z } from 'zod';

/**
 * An OpenID Connect provider that is not ours, as a process of its own. Its clients and settings come from the environment; its keys are new
 * at each start.
 */
const settings = z
  .object({
    OIDC_PORT: z.string(),
    OIDC_SECRET: z.string(),
    /** What it signs with. */
    OIDC_ALG: z.enum(['EdDSA', 'RS256']).default('EdDSA'),
    /** What its metadata and tokens name as the issuer, where that is not its address. */
    OIDC_ISSUER: z.string().optional(),
    /** Whether `/jwks` redirects to where the keys are. */
    OIDC_REDIRECT: z.literal('1').optional(),
  })
  .parse(process.env);
const { OIDC_PORT: port, OIDC_SECRET: secret, OIDC_ALG: alg } = settings;
const url = `http://127.0.0.1:${port}`;
const SCOPE = 'ingest read';

const { privateKey } =
  alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2_048 });
const { kty = '', ...jwk } = privateKey.export({ format: 'jwk' });

const configuration: Configuration = {
  jwks: { keys: [{ ...jwk, kty, kid: randomUUID(), alg, use: 'sig' }] },
  enabledJWA: { idTokenSigningAlgValues: [alg] },
  scopes: SCOPE.split(' '),
  clientDefaults: { id_token_signed_response_alg: alg },
  clients: [
    {
      ...{ client_id: 'phone', client_secret: secret, scope: SCOPE },
      ...{ grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
    },
  ],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, audience) => ({
        ...{ scope: SCOPE, audience, accessTokenTTL: 600, accessTokenFormat: 'jwt' },
        jwt: { sign: { alg } },
      }),
    },
  },
};

const answer = new Provider(settings.OIDC_ISSUER ?? url, configuration).callback();
createServer((req, res) => {
  if (settings.OIDC_REDIRECT && req.url === '/jwks') res.writeHead(302, { location: '/jwks?' }).end();
  else answer(req, res);
}).listen(Number(port), '127.0.0.1', () =>
  createLog({ name: 'oidc-provider', level: 'info' }).info({ url }, 'listening'),
);
