import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '@millrace/core/problem/problem';
import { loadStreamsIfAny, routeFaults } from '@millrace/core/schema/load-streams';
import { parseStream } from '@millrace/core/schema/parse-stream';
import { SchemaFault } from '@millrace/core/schema/schema-fault';
import type { Stream } from '@millrace/core/schema/stream';
import { streamTemplate } from './stream-template.ts';

type NewStream = { readonly schemasDir: string; readonly name: string; readonly domain: string };

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const DOMAIN = /^[a-z][a-z0-9]*([-/][a-z0-9]+)*$/;

/**
 * Writes `<domain>/<name>.avsc` and answers its stream. Throws `invalid-schema`, with nothing written, for a name or a
 * domain that is not allowed and for a name, route or count that another stream has.
 */
export async function createStreamFile({ schemasDir, name, domain }: NewStream): Promise<Stream> {
  if (!NAME.test(name)) throw refusal(`the name "${name}" must be lower-case words joined by "-", such as bike-rides`);
  if (!DOMAIN.test(domain)) throw refusal(`the domain "${domain}" must be lower-case words, such as fitness`);
  const existing = await loadStreamsIfAny(schemasDir);
  const namesake = existing.find((stream) => stream.name === name);
  if (namesake) throw refusal(`there is a stream "${name}" already, in ${namesake.file}`);
  const file = `${domain}/${name}.avsc`;
  const text = streamTemplate(name, domain);
  const stream = parse(file, text);
  const faults = routeFaults([...existing, stream]);
  if (faults.length > 0) throw refusal(faults.join('\n'));
  await mkdir(dirname(join(schemasDir, file)), { recursive: true });
  await writeFile(join(schemasDir, file), text, { flag: 'wx' });
  return stream;
}

function parse(file: string, text: string): Stream {
  try {
    return parseStream(file, text);
  } catch (error) {
    if (error instanceof SchemaFault) throw refusal(error.message);
    throw error;
  }
}

const refusal = (detail: string) => new Problem('invalid-schema', detail);
