import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { serviceEndpoints } from '@millrace/core/openapi/service-endpoints';
import { loadStreams } from '@millrace/core/schema/load-streams';
import {
  fieldNameFault,
  isDimensionTaken,
  isRouteTaken,
  isStreamTaken,
  isTableTaken,
} from '@millrace/core/schema/platform-names';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { describe, expect, it } from 'vitest';
import { serviceDeclarations } from './service-declarations.ts';

const streams = await loadStreams(schemasDir);
const fieldsOf = (name: string) =>
  streams.find((stream) => stream.name === name)?.fields.map((field) => field.name) ?? [];

/** `core/schema` reads the reserved names of all services without knowing any: here the two are held together. */
describe('a name that a service uses', () => {
  it('as a route of its own is no stream’s, nor the beginning of one’s route', () => {
    const paths = [...serviceDeclarations.flatMap((service) => service.endpoints([])), ...serviceEndpoints([])].map(
      ({ path }) => path,
    );

    const firsts = [...new Set(paths.map((path) => path.split('/')[1] ?? ''))];

    expect(firsts.length).toBeGreaterThan(5);
    expect(firsts.filter((name) => !isStreamTaken(name) || !isRouteTaken(`/${name}`))).toEqual([]);
    expect(paths.filter((path) => !isRouteTaken(path) && path.split('/').length > 2)).toEqual([]);
  });

  it('as a parameter of a stream’s routes, or of a question, is no dimension’s', () => {
    const taken = serviceDeclarations.flatMap((service) =>
      streams.flatMap((stream) => {
        const fields = fieldsOf(stream.name);
        return service
          .endpoints([stream])
          .filter(({ path, method }) => method === 'get' && [stream.path, '/stats'].includes(path))
          .flatMap(({ operation }) => operation.parameters ?? [])
          .map(({ name }) => name)
          .filter((name) => !fields.includes(name));
      }),
    );

    expect(taken.length).toBeGreaterThan(5);
    expect(taken.filter((name) => !isDimensionTaken(name.replace(/\[.*$/, '')))).toEqual([]);
  });

  it('as a member of a record’s answer is no field’s', () => {
    const own = serviceDeclarations.flatMap((service) =>
      streams.flatMap((stream) => {
        const fields = fieldsOf(stream.name);
        return Object.entries(service.schemas([stream]))
          .filter(([name]) => /(Row|Indexed)$/.test(name))
          .flatMap(([, { properties }]) => Object.keys(Object(properties)))
          .filter((name) => !fields.includes(name));
      }),
    );

    expect(new Set(own)).toEqual(new Set(['stored_at', 'position']));
    expect(own.filter((name) => fieldNameFault(name) === undefined)).toEqual([]);
  });

  it('as a table is no stream’s', async () => {
    const folders = ['core', ...serviceDeclarations.map(({ name }) => name)];
    const lists = await Promise.all(
      folders.map(async (folder) =>
        (await readdir(join(rootDir, folder), { recursive: true })).map((file) => join(rootDir, folder, file)),
      ),
    );
    const sources = lists
      .flat()
      .filter((file) => file.endsWith('.ts') && !/test|node_modules|dist|analyzer/.test(file.slice(rootDir.length)));
    const text = (await Promise.all(sources.map((file) => readFile(file, 'utf8')))).join('\n');

    const tables = [...text.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?`?([a-z_]+)`?/g)].map(([, name = '']) => name);

    expect(tables.length).toBeGreaterThan(2);
    expect(tables.filter((name) => !isTableTaken(name))).toEqual([]);
  });
});
