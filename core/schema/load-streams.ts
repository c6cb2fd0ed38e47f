import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Problem } from '../problem/problem.ts';
import { parseStream } from './parse-stream.ts';
import { SchemaFault } from './schema-fault.ts';
import type { Stream } from './stream.ts';

/** First path segments and names that the platform's own routes use. */
const RESERVED = new Set([
  'stats',
  'sync',
  'export',
  'token',
  'dead-letters',
  'healthz',
  'readyz',
  'metrics',
  'openapi.json',
  'docs',
  'v1',
  'streams',
]);

/** Earlier versions, kept for comparison; `core/evolution` reads them. */
const RELEASED = 'released/';

/**
 * Every `.avsc` file below `dir`, as streams ordered by name; `released/` holds earlier versions and is left out.
 * Throws a `Problem` (`invalid-schema`) with one line per fault, each naming its file; a folder without any is one.
 */
export async function loadStreams(dir: string): Promise<Stream[]> {
  const streams = await loadStreamsIfAny(dir);
  if (streams.length > 0) return streams;
  throw new Problem('invalid-schema', `${dir}: no .avsc file in it; set SCHEMAS_DIR to a folder of schemas`);
}

/** As `loadStreams`, for whom an empty folder is no fault. */
export async function loadStreamsIfAny(dir: string): Promise<Stream[]> {
  const files = await findSchemas(dir);
  const faults: string[] = [];
  const streams: Stream[] = [];
  for (const file of files) {
    try {
      streams.push(parseStream(file, await readFile(join(dir, file), 'utf8')));
    } catch (error) {
      if (!(error instanceof SchemaFault)) throw error;
      faults.push(`${file}: ${error.message}`);
    }
  }
  faults.push(...routeFaults(streams), ...accessFaults(streams));
  if (faults.length > 0) throw new Problem('invalid-schema', faults.join('\n'));
  return streams.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function findSchemas(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.avsc') && !entry.parentPath.includes('node_modules'))
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((file) => !file.startsWith(RELEASED))
      .sort();
  } catch (error) {
    throw new Problem('invalid-schema', `${dir}: the schemas folder can't be read`, { cause: error });
  }
}

/** A stream that asks for tokens is refused rather than served without: no service checks any yet. */
const accessFaults = (streams: readonly Stream[]): string[] =>
  streams
    .filter(({ access }) => access === 'token')
    .map(({ file }) => `${file}: "stream.access" must be "open": no service checks tokens yet`);

/** No two streams share a route, a table or a count, and none takes a name of the platform. */
export function routeFaults(streams: readonly Stream[]): string[] {
  const faults: string[] = [];
  const owners = new Map<string, string>();
  const claim = (what: string, file: string) => {
    const owner = owners.get(what);
    if (owner !== undefined) faults.push(`${file}: ${what} is already taken by ${owner}`);
    else owners.set(what, file);
  };
  for (const stream of streams) {
    if (RESERVED.has(stream.name)) faults.push(`${stream.file}: "${stream.name}" is a reserved name`);
    if (RESERVED.has(stream.path.slice(1))) faults.push(`${stream.file}: "${stream.path}" is a reserved route`);
    claim(`the name "${stream.name}"`, stream.file);
    claim(`the route ${stream.path}`, stream.file);
    claim(`the route /${stream.name}`, stream.file);
    if (stream.countAs !== undefined) claim(`the count "${stream.countAs}"`, stream.file);
  }
  return faults;
}
