import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { compileValidator } from '../schema/compile-validator.ts';
import { inputSchema } from '../schema/input-schema.ts';
import { loadStreams } from '../schema/load-streams.ts';
import { parseStream } from '../schema/parse-stream.ts';
import type { Operation } from './document.ts';
import { exampleOf } from './example-of.ts';
import { openapiOf, platformOpenapi } from './openapi-of.ts';

const journeys = parseStream(
  'test/journeys.avsc',
  await readFile(join(import.meta.dirname, '../test/journeys.avsc'), 'utf8'),
);
const streams = [...(await loadStreams(schemasDir)), journeys];

const documents = [
  ['the platform', platformOpenapi(streams)],
  ...(['receiver', 'storage', 'analyzer'] as const).map((service) => [service, openapiOf(service, streams)] as const),
] as const;

/** Every media type object of a document that has a schema and examples. */
function* described(node: unknown): Generator<{ schema: object; examples: Record<string, { value: unknown }> }> {
  if (typeof node !== 'object' || node === null) return;
  if ('schema' in node && 'examples' in node) yield node as never;
  for (const inner of Object.values(node)) yield* described(inner);
}

describe.each(documents)('the OpenAPI document of %s', (_, document) => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document));

    expect(result).toEqual({ valid: true });
  });

  it('has only examples that its schemas allow', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema(document, 'document');
    const absolute = (schema: object) => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));

    const wrong = [...described(document)].flatMap(({ schema, examples }) =>
      Object.values(examples).flatMap(({ value }) => {
        const validate = ajv.compile(absolute(schema));
        return validate(value) ? [] : [{ value, errors: validate.errors }];
      }),
    );

    expect([...described(document)].length).toBeGreaterThan(4);
    expect(wrong).toEqual([]);
  });

  it('names each operation once', () => {
    const ids = Object.values(document.paths)
      .flatMap(Object.values<Operation>)
      .map(({ operationId }) => operationId);

    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('exampleOf', () => {
  it.each(streams.map((stream) => [stream.name, stream] as const))('is a record that %s accepts', (_, stream) => {
    const faults = compileValidator(inputSchema(stream))(exampleOf(stream));

    expect(faults).toEqual([]);
  });
});
