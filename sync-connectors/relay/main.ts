import { readCredentials } from '@millrace/core/config/credentials';
import { readServiceConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { createLog } from '@millrace/core/log/create-log';
import { Problem } from '@millrace/core/problem/problem';
import { describeFailure } from '@millrace/core/service/describe-failure';
import { readRelayFile } from './read-relay-file.ts';
import { relaySettings } from './relay-settings.ts';
import { createRelayToken } from './relay-token.ts';
import { runRelay } from './run-relay.ts';

/** `npm run relay`: sends until SIGINT or SIGTERM. It needs nothing of Millrace but the two addresses, which may be anybody's. */
async function run(): Promise<void> {
  const { config, settings } = readServiceConfig(readEnvironment(), relaySettings);
  const { RELAY_URL: url, RELAY_INTERVAL_SECONDS: seconds } = settings;
  const username = settings.RELAY_USERNAME || 'relay';
  const password = settings.RELAY_PASSWORD || readCredentials(config.dataDir)?.users[username];
  if (password === undefined)
    throw new Problem(
      'invalid-config',
      'RELAY_PASSWORD is not set, and credentials.json has no password of RELAY_USERNAME',
    );
  const objects = await readRelayFile(settings.RELAY_FILE);
  const log = createLog({ name: 'relay', level: config.logLevel });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  log.info({ url, objects: objects.length, interval_seconds: seconds }, 'relaying');
  const token = createRelayToken({ url: settings.RELAY_TOKEN_URL, username, password });
  await runRelay({ url, objects, intervalMs: seconds * 1_000, token, log, signal: stop.signal });
}

await run().catch((error: unknown) => {
  process.stderr.write(`${describeFailure('relay', error)}\n`);
  process.exitCode = 1;
});
