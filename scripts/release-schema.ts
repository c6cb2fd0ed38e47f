import { readConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { checkStream } from '@millrace/core/evolution/check-stream';
import { readReleased, releasedPath, writeReleased } from '@millrace/core/evolution/released-schemas';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { readArguments } from './read-arguments.mjs';

/** Keeps each schema that changed since its last release as the next version; refuses one that could not read old records. */
readArguments({ usage: 'npm run release-schema: keep each schema that changed as its next version' });
const { schemasDir } = readConfig(readEnvironment());
const streams = await loadStreams(schemasDir);

for (const stream of streams) {
  const released = await readReleased(schemasDir, stream);
  const { ok, changed, lines } = checkStream(stream, released);
  if (!changed) continue;
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!ok) {
    process.stdout.write(`  Not released.\n`);
    process.exitCode = 1;
    continue;
  }
  const version = (released.at(-1)?.version ?? 0) + 1;
  await writeReleased(schemasDir, stream, version);
  process.stdout.write(`  Released as ${releasedPath(stream, version)}.\n`);
}
