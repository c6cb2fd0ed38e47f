import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '@millrace/core/config/read-config';
import { rootDir } from '@millrace/core/config/root-dir';
import { exampleOf } from '@millrace/core/openapi/example-of';
import { openapiOf, platformOpenapi } from '@millrace/core/openapi/openapi-of';
import { compileValidator } from '@millrace/core/schema/compile-validator';
import { inputSchema } from '@millrace/core/schema/input-schema';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { parseStream } from '@millrace/core/schema/parse-stream';
import type { Stream } from '@millrace/core/schema/stream';
import type { ServiceName } from '@millrace/core/services/services';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { authSettings } from '../auth-settings.ts';
import { serviceDeclarations } from '../service-declarations.ts';

const read = async (file: string) =>
  parseStream(`test/${file}`, await readFile(join(rootDir, 'core/test', file), 'utf8'));
const journeys = await read('journeys.avsc');
const devices = await read('devices.avsc');
const streams = [...(await loadStreams(schemasDir)), journeys, devices];

const documents = [
  ['the platform', platformOpenapi(serviceDeclarations, streams, authSettings)],
  ...serviceDeclarations.map((service) => [service.name, openapiOf(service, streams, authSettings)] as const),
] as const;

function declarationOf(name: ServiceName) {
  const service = serviceDeclarations.find((each) => each.name === name);
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

const documentOf = (name: ServiceName, of: readonly Stream[]) => openapiOf(declarationOf(name), of, authSettings);

/** Compiling a whole document takes a second, and more on a busy machine. */
const SLOW_MS = 30_000;

/** Every media type object of a document that has a schema and examples. */
function* described(node: unknown): Generator<{ schema: object; examples: Record<string, { value: unknown }> }> {
  if (typeof node !== 'object' || node === null) return;
  if ('schema' in node && 'examples' in node) yield node as never;
  for (const inner of Object.values(node)) yield* described(inner);
}

describe.each(documents)('the OpenAPI document of %s', (_, document) => {
  it(
    'passes the recommended rules of Redocly’s linter',
    async () => {
      const config = await createConfig({ extends: ['recommended'] });

      const problems = await lintFromString({ source: JSON.stringify(document), config });

      expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    'has only examples that its schemas allow',
    () => {
      const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
      ajv.addSchema(document, 'document');
      const validators = new Map<string, ValidateFunction>();
      const validatorOf = (schema: object) => {
        const absolute = JSON.stringify(schema).replaceAll('"#/', '"document#/');
        const validator = validators.get(absolute) ?? ajv.compile(JSON.parse(absolute));
        validators.set(absolute, validator);
        return validator;
      };

      const wrong = [...described(document)].flatMap(({ schema, examples }) =>
        Object.values(examples).flatMap(({ value }) => {
          const validate = validatorOf(schema);
          return validate(value) ? [] : [{ value, errors: validate.errors }];
        }),
      );

      expect([...described(document)].length).toBeGreaterThan(4);
      expect(wrong).toEqual([]);
    },
    SLOW_MS,
  );

  it('names each operation once', () => {
    const ids = Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .map(({ operationId }) => operationId);

    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a stream’s routes', () => {
  it('are by key where the newest row of a key is kept, and by event elsewhere', () => {
    const { paths } = documentOf('storage', streams);

    expect(paths['/test/devices/{device_id}']?.get?.parameters).toMatchObject([
      { in: 'path', schema: { type: 'integer' } },
    ]);
    expect(paths['/test/journeys/{event_id}']?.get?.parameters).toMatchObject([
      { in: 'path', schema: { format: 'uuid' } },
    ]);
  });

  it('say of every operation what token it needs', () => {
    const { paths } = documentOf('storage', [journeys]);
    const secret = { ...journeys, name: 'secret', path: '/secret', access: 'token' as const };

    expect(paths['/healthz']?.get?.security).toEqual([]);
    expect(paths['/metrics']?.get?.security).toEqual([{ bearer: [] }, { oauth2: ['admin'] }]);
    expect(paths['/test/journeys']?.get?.security).toEqual([
      { bearer: [] },
      { oauth2: ['read'] },
      { oauth2: ['read:journeys'] },
    ]);
    expect(Object.keys(paths['/test/journeys']?.get?.responses ?? {})).toEqual(expect.arrayContaining(['401', '403']));
    const open = openapiOf(declarationOf('storage'), [journeys, secret], readConfig({})).paths;
    expect(open['/test/journeys']?.get?.security).toContainEqual({});
    expect(open['/secret']?.get?.security).not.toContainEqual({});
  });

  it('name an outside issuer alone where there is one', () => {
    const outside = readConfig({ AUTH: 'required', AUTH_ISSUER: 'https://id.example' });
    const { paths, components } = openapiOf(declarationOf('storage'), [journeys], outside);

    expect(paths['/test/journeys']?.get?.security).toEqual([{ bearer: [] }]);
    expect(components).toMatchObject({
      securitySchemes: { bearer: { scheme: 'bearer', description: 'An access token of https://id.example.' } },
    });
    expect(components).not.toHaveProperty('securitySchemes.oauth2');
  });
});

describe('exampleOf', () => {
  it.each(streams.map((stream) => [stream.name, stream] as const))('is a record that %s accepts', (_, stream) => {
    const faults = compileValidator(inputSchema(stream))(exampleOf(stream));

    expect(faults).toEqual([]);
  });
});
