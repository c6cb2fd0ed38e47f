import { createLog } from '@millrace/core/log/create-log';
import { openReplica } from './token-bed.ts';

/** A process that takes an access token and prints it, or dies by SIGKILL at a step of the refresh. */
const { DATABASE_URL = '', TOKEN_URL = '', FIRST_TOKEN = '', ROTATE_AFTER_DAYS = '0', DIE_AT } = process.env;

const replica = openReplica({
  ...{ databaseUrl: DATABASE_URL, tokenUrl: TOKEN_URL, firstToken: FIRST_TOKEN },
  ...{ rotateAfterDays: Number(ROTATE_AFTER_DAYS), log: createLog({ name: 'test', level: 'silent' }) },
  step: (name) => {
    if (name === DIE_AT) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(await replica.tokens.access());
await replica.close();
