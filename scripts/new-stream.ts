import { join } from 'node:path';
import { readConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { Problem } from '@millrace/core/problem/problem';
import { createStreamFile } from './create-stream-file.ts';
import { readArguments } from './read-arguments.mjs';

/** `npm run new-stream -- <name> [domain]`, which `make stream NAME=<name> [DOMAIN=<domain>]` runs. */
const { positionals } = readArguments({
  usage: 'make stream NAME=cycling [DOMAIN=fitness]: a schema file to begin with',
  most: 2,
});
const [name = '', domain = 'fitness'] = positionals;

try {
  if (!name) throw new Problem('invalid-schema', 'give the stream a name: make stream NAME=cycling [DOMAIN=fitness]');
  const { schemasDir, ports } = readConfig(readEnvironment());
  const stream = await createStreamFile({ schemasDir, name, domain });
  const path = join(schemasDir, stream.file);
  process.stdout.write(`Wrote ${path}.

Next:
  1. Edit its fields; docs/adding-a-stream.md says what each may be.
  2. npm run schema-check       shows any fault in it.
  3. make down up               the stream is there: route, topic, table, index, stats.
  4. npm run release-schema     keeps this version, so that later ones are compared with it.
     npm run generate           writes its page, docs/streams/${stream.name}.md, with a curl line to try.

Then post to   http://127.0.0.1:${ports.receiver}${stream.path}
and read from  http://127.0.0.1:${ports.storage}${stream.path}
          and  http://127.0.0.1:${ports.analyzer}/${stream.name}?index=0
`);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
