import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { schemasDir as shippedDir } from '@millrace/schemas/schemas-dir';

/**
 * Writes a schema file whose stream has a name of its own, and a path of its own unless the schema gives one.
 * @param file its path below `dir`, without `.avsc`
 */
export async function writeSchema(dir: string, file: string, schema: object, id: string): Promise<void> {
  const path = join(dir, `${file}.avsc`);
  const block = 'stream' in schema && typeof schema.stream === 'object' ? schema.stream : {};
  const name = `${file.split('/').at(-1)}-${id}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ ...schema, stream: { ...block, name } }));
}

/** A schema that Millrace ships with, such as `fitness/running`, to be changed for a test. */
export async function shippedSchema(file: string): Promise<Record<string, unknown> & { readonly stream: object }> {
  return JSON.parse(await readFile(join(shippedDir, `${file}.avsc`), 'utf8'));
}

/** All schema files that Millrace ships with. */
export const copyShippedSchemas = (dir: string): Promise<void> =>
  cp(shippedDir, dir, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });
