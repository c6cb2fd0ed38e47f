import { readServiceConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { secretsKeyOf } from '@millrace/core/config/secrets-key';
import { isTransient } from '@millrace/core/database/is-transient';
import { withLock } from '@millrace/core/database/lock';
import { migrate } from '@millrace/core/database/migrate';
import { openDatabase } from '@millrace/core/database/open-database';
import { Problem } from '@millrace/core/problem/problem';
import { describeFailure } from '@millrace/core/service/describe-failure';
import { VendorFault } from '../../frame/vendor-fault.ts';
import { blackbaudSettings } from '../settings.ts';
import { tokenMigration } from '../token/token-migration.ts';
import { logIn } from './log-in.ts';

const USAGE = `make blackbaud-login
  logs a person in at Blackbaud SKY, by the browser, and keeps the login in the database for all replicas. It needs
  BLACKBAUD_CLIENT_ID and BLACKBAUD_CLIENT_SECRET, in .env or the environment. Before it:
  - the redirect address that it prints is registered with the application, to the letter (BLACKBAUD_LOGIN_PORT moves its port)
  - an administrator of the environment has connected the application
  The login holds for 365 days; a warning is logged from 30 days before its end.`;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function run(): Promise<void> {
  const { config, settings } = readServiceConfig(readEnvironment(), blackbaudSettings);
  const secretsKey = secretsKeyOf(settings, config);
  const db = openDatabase(config.databaseUrl);
  try {
    await withLock(db, 'tables', () => migrate(db, [tokenMigration]));
    say(`Logged in. The login holds until ${await logIn({ settings, db, secretsKey, say })}.`);
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw new Problem('database-unavailable', 'the database does not answer; make up starts it', { cause: error });
  } finally {
    await db.close();
  }
}

const [argument] = process.argv.slice(2);
if (argument === '--help' || argument === '-h') say(USAGE);
else if (argument !== undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else
  await run().catch((error: unknown) => {
    const line = error instanceof VendorFault ? error.message : describeFailure('blackbaud-login', error);
    process.stderr.write(`${line.replace(/^blackbaud-login cannot start: /, '')}\n`);
    process.exitCode = 1;
  });
