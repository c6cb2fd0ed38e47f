import { readGivenEnvironment } from '@millrace/core/config/read-environment';
import { lineWriter } from '@millrace/core/log/line-writer';
import { messageOf } from '@millrace/core/problem/message-of';
import { prepareRuntime } from '../artifacts/runtime.ts';
import { makeCredentials } from '../settings/make-credentials.ts';
import { privateFolder } from '../settings/private-folder.ts';
import { readStackSettings } from '../settings/stack-settings.ts';
import { claim } from './claim.ts';
import { stackWaves } from './stack-parts.ts';
import { supervise } from './supervise.ts';

const stamped = (line: string) => `${new Date().toISOString()} ${line}\n`;
const log = lineWriter(1, { afterDrops: (count, reason) => stamped(`${count} lines were dropped here: ${reason}`) });
const say = (line: string) => log.write(stamped(line));
// What is written there past `say`, such as the progress of a download, is not worth ending for either.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const env = readGivenEnvironment();
const settings = readStackSettings(env);
const { dataDir } = settings;
await privateFolder(dataDir);
const runtime = await prepareRuntime({ ...settings, env, out: process.stdout });
// What it and its parts write from now on is for their owner alone.
process.umask(0o077);
const claimed = await claim(dataDir);
if (!claimed) {
  say('another supervisor is alive');
  process.exit(1);
}
const { self, release } = claimed;
const credentials = await makeCredentials(dataDir);
const supervision = supervise({ waves: stackWaves({ settings, runtime, env, credentials }), dataDir, self, say });

let stopping: Promise<void> | undefined;
function stop(failure?: string): Promise<void> {
  stopping ??= supervision.close(failure).then(release);
  return stopping;
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    say(`${signal}: stopping`);
    void stop().then(() => process.exit(0));
  });
}
process.on('SIGHUP', () => {});

await supervision.started.catch(async (error: unknown) => {
  if (stopping) return;
  const reason = messageOf(error);
  say(reason);
  await stop(reason);
  process.exit(1);
});
