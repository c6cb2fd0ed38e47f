import { readConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { checkStream } from '@millrace/core/evolution/check-stream';
import { readReleased } from '@millrace/core/evolution/released-schemas';
import { Problem } from '@millrace/core/problem/problem';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { registeredVersions } from '@millrace/core/stream/registered-versions';
import { readArguments } from './read-arguments.mjs';

readArguments({ usage: 'npm run schema-check: can records already written be read under the schema files?' });

/**
 * Compares every stream with its released versions, and with the registry's where one answers. Exits 1 when old records
 * would be lost; a change that breaks clients only is said, and may be meant.
 */
async function check(): Promise<boolean> {
  const { schemasDir, registryUrl } = readConfig(readEnvironment());
  const streams = await loadStreams(schemasDir);
  const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);

  print([`Against the released versions in ${schemasDir}/released:`]);
  const released = await Promise.all(
    streams.map(async (stream) => checkStream(stream, await readReleased(schemasDir, stream))),
  );
  print(released.flatMap(({ lines }) => lines));

  try {
    const registered = await Promise.all(
      streams.map(async (stream) => checkStream(stream, await registeredVersions(registryUrl, stream.subject))),
    );
    print(['', `Against the registry at ${registryUrl}:`, ...registered.flatMap(({ lines }) => lines)]);
    return [...released, ...registered].every(({ ok }) => ok);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'registry-unavailable') throw error;
    print(['', `No registry answers at ${registryUrl}; compared with the released versions only.`]);
    return released.every(({ ok }) => ok);
  }
}

try {
  if (!(await check())) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
