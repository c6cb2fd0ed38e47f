import { readCredentials } from '@millrace/core/config/credentials';
import type { Config } from '@millrace/core/config/read-config';
import { secretsKeyOf } from '@millrace/core/config/secrets-key';
import type { Database } from '@millrace/core/database/open-database';
import { clientAddress } from '@millrace/core/http/client-address';
import type { Route } from '@millrace/core/http/route-table';
import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { Check } from '@millrace/core/service/health';
import type { Use } from '@millrace/core/service/parts';
import type { UntilUp } from '@millrace/core/service/until-up';
import { createAccessTokens } from './access-tokens.ts';
import { createAuthenticate } from './account/authenticate.ts';
import { firstAccounts } from './account/first-accounts.ts';
import { seedAccounts } from './account/seed-accounts.ts';
import { keepHouse, keepHouseOnce } from './keep-house.ts';
import { createKeyRing } from './key/key-ring.ts';
import { keySeal } from './key/renew-key.ts';
import { authMetrics } from './metrics.ts';
import { createGrant } from './oauth/grants.ts';
import { alone, prepareDatabase } from './prepare-database.ts';
import { discoveryRoutes } from './routes/discovery-routes.ts';
import { createIdentifyClient } from './routes/identify-client.ts';
import { createAnswerIntrospect } from './routes/introspect-route.ts';
import { createOauthRoute } from './routes/oauth-route.ts';
import { createAnswerRevoke } from './routes/revoke-route.ts';
import { createAnswerToken } from './routes/token-route.ts';
import { createSecretHashes } from './secret/secret-hashes.ts';
import { createThrottle } from './secret/throttle.ts';
import type { AuthSettings } from './settings.ts';

type AuthOptions = {
  readonly use: Use;
  readonly untilUp: UntilUp;
  readonly config: Config;
  readonly settings: AuthSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly db: Database;
};

export type Auth = { readonly routes: readonly Route[]; readonly database: Check };

/** Opens all of auth but its HTTP server: makes tables, the accounts to begin with and the first key. Waits for the database. */
export async function openAuth({ use, untilUp, config, settings, log, metrics, db }: AuthOptions): Promise<Auth> {
  const credentials = readCredentials(config.dataDir);
  const seal = keySeal(secretsKeyOf(settings, config));
  const hashes = await createSecretHashes();
  const house = { db, seal, keyDays: settings.AUTH_KEY_DAYS, log };
  await untilUp('the database', async () => {
    await prepareDatabase(db);
    await alone(db, () => seedAccounts({ db, hashes, log }, firstAccounts(settings, credentials)));
    await keepHouseOnce(house);
  });
  await use(keepHouse(house));

  const ring = createKeyRing(db, seal);
  const tokens = createAccessTokens(ring, { issuer: config.authUrl, audience: config.authAudience });
  const authenticate = createAuthenticate({ db, hashes, throttle: createThrottle() });
  const addressOf = clientAddress(settings.AUTH_TRUST_PROXY);
  const identifyClient = createIdentifyClient(authenticate, addressOf);
  const grant = createGrant({ db, authenticate, log });
  const issued = metrics.counter(authMetrics.issued);
  const refused = metrics.counter(authMetrics.refused);
  const onIssued = (by: string) => issued.inc({ grant: by });
  const post = createOauthRoute((reason) => refused.inc({ reason }));
  metrics.gauge(authMetrics.keys, ring.count);

  return {
    routes: [
      post('/token', createAnswerToken({ grant, tokens, identifyClient, addressOf, onIssued })),
      post('/revoke', createAnswerRevoke({ db, identifyClient })),
      post('/introspect', createAnswerIntrospect({ db, tokens, identifyClient })),
      ...discoveryRoutes(config.authUrl, ring),
    ],
    database: async () => {
      await db.raw('SELECT 1');
      return { ok: true, detail: 'answers' };
    },
  };
}
