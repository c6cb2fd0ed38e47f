import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Problem } from '../problem/problem.ts';
import { tableNames } from './name-faults.ts';
import { parseStream } from './parse-stream.ts';
import { routesOf } from './routes-of.ts';
import { SchemaFault } from './schema-fault.ts';
import type { Stream } from './stream.ts';

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
  faults.push(...routeFaults(streams));
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

/** No two streams share a name, a route, a table or a count, and none has a route in which another's rows are looked up. */
export function routeFaults(streams: readonly Stream[]): string[] {
  const faults: string[] = [];
  const owners = new Map<string, Stream>();
  for (const stream of streams) {
    for (const what of claimsOf(stream)) {
      const owner = owners.get(what);
      if (owner !== undefined) faults.push(`${stream.file}: ${what} is already taken by ${owner.file}`);
      else owners.set(what, stream);
    }
  }
  for (const { file, name, path } of streams)
    if (path === `/${name}`)
      faults.push(`${file}: the route ${path} is that of its own index; it can be one of its "path_aliases"`);
  return [...faults, ...hiddenRoutes(streams)];
}

/** Routes that are, one level below another, one row of that. */
function hiddenRoutes(streams: readonly Stream[]): string[] {
  const owners = new Map(streams.flatMap((stream) => routesOf(stream).map((route) => [route, stream.file])));
  return streams.flatMap(({ file, ...stream }) =>
    routesOf(stream).flatMap((route) => {
      const above = route.slice(0, route.lastIndexOf('/'));
      const owner = owners.get(above);
      if (owner === undefined) return [];
      return [`${file}: the route ${route} is one row of ${above}, which ${owner} has; give one of them another`];
    }),
  );
}

/** An alias may be the route of the stream's own index: then the question says which of the two is meant. */
const claimsOf = (stream: Stream): string[] => [
  `the name "${stream.name}"`,
  ...new Set([...routesOf(stream), `/${stream.name}`].map((route) => `the route ${route}`)),
  ...claimsInDatabase(stream),
];

const claimsInDatabase = ({ table, fields, countAs }: Stream): string[] => [
  `the table "${table}"`,
  ...tableNames(fields).map((each) => `the table "${each.table}"`),
  ...(countAs === undefined ? [] : [`the count "${countAs}"`]),
];
