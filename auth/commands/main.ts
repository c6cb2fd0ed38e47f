import { parseArgs } from 'node:util';
import { readServiceConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { secretsKeyOf } from '@millrace/core/config/secrets-key';
import { isTransient } from '@millrace/core/database/is-transient';
import { openDatabase } from '@millrace/core/database/open-database';
import { Problem } from '@millrace/core/problem/problem';
import { describeFailure } from '@millrace/core/service/describe-failure';
import { keySeal, renewKey } from '../key/renew-key.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { authSettings } from '../settings.ts';
import { makeClient } from './make-client.ts';
import { type Arguments, options, readNewClient, UsageError } from './new-client.ts';

const USAGE = `make client NAME=watch SCOPES="ingest:running" [SUBJECT=…] [ROTATE=1]
  makes a client and prints it as JSON, its secret this once; with ROTATE=1 one that exists gets a new secret,
  and new scopes and a new subject where they are given
make rotate-keys [FORCE=1]
  has tokens signed with a new key and prints its id; with FORCE=1 also where SECRETS_KEY was lost`;

const say = (line: string) => void process.stdout.write(`${line}\n`);

function parse() {
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    return { values, what: positionals.join(' ') };
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

async function run(what: string, values: Arguments): Promise<void> {
  if (what !== 'client' && what !== 'rotate-keys') throw new UsageError('Say what to do');
  const asked = what === 'client' ? readNewClient(values) : undefined;
  const { config, settings } = readServiceConfig(readEnvironment(), authSettings);
  const db = openDatabase(config.databaseUrl);
  try {
    const seal = asked ? undefined : keySeal(secretsKeyOf(settings, config));
    await prepareDatabase(db);
    if (asked) say(JSON.stringify(await makeClient(db, asked)));
    else if (seal) say((await renewKey(db, seal, { fromDays: 0, force: values.force ?? false })) ?? '');
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw new Problem('database-unavailable', 'the database does not answer; make up starts it', { cause: error });
  } finally {
    await db.close();
  }
}

try {
  const { values, what } = parse();
  if (values.help) say(USAGE);
  else await run(what, values);
} catch (error) {
  const isUsage = error instanceof UsageError;
  const line = isUsage
    ? `${error.message}.\n${USAGE}`
    : describeFailure('auth', error).replace(/^auth cannot start: /, '');
  process.stderr.write(`${line}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
