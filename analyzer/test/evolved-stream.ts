import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { avscType } from '@millrace/core/schema/avsc-type';
import type { Value } from '@millrace/core/schema/from-json';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { inject } from 'vitest';
import type { OwnStream } from './own-stream.ts';

/** Gives a stream's schema other fields beside those of a run, and answers the encoder of the new version. */
export async function evolve(
  { stream, schemasDir }: Pick<OwnStream, 'stream' | 'schemasDir'>,
  fields: readonly unknown[],
): Promise<(value: Value) => Buffer> {
  const file = join(schemasDir, stream.file);
  const schema = JSON.parse(await readFile(file, 'utf8'));
  const own = schema.fields.filter(({ name }: { name: string }) => RUN_FIELDS.has(name));
  await writeFile(file, JSON.stringify({ ...schema, fields: [...own, ...fields] }));
  const [next] = await loadStreams(schemasDir);
  if (!next) throw new Error('the schema was not found');
  return createEncoder(avscType(next.avro), await openRegistry(inject('stack').registryUrl).register(next));
}

const RUN_FIELDS = new Set(['user_id', 'duration', 'distance', 'timestamp']);
