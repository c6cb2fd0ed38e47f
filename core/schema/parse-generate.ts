import { type AvroType, type Constraints, type Generate, withoutNull } from './avro-type.ts';
import { compilePattern } from './compile-pattern.ts';
import { SchemaFault } from './schema-fault.ts';

/** Uuids of the two versions that are ever made. */
const SAMPLES = ['0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90', '6f1cf2a0-6d5e-5b8e-9b0a-3c7a0c0e4d11'];

/** A field's `generate`. Throws a `SchemaFault` where its type, or what else it says, does not take what would be made. */
export function parseGenerate(given: unknown, type: AvroType, constraints: Constraints, at: string): Generate {
  if (given !== 'uuid' && given !== 'now') throw new SchemaFault(`${at}: "generate" must be "uuid" or "now"`);
  const { type: inner } = withoutNull(type);
  const logical = 'logical' in inner ? inner.logical?.name : undefined;
  if (given === 'now') {
    if (logical === 'timestamp-millis') return given;
    throw new SchemaFault(`${at}: "generate": "now" is for timestamp-millis only`);
  }
  if (inner.kind !== 'string') throw new SchemaFault(`${at}: "generate": "uuid" is for strings and uuids only`);
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = constraints;
  const takes = pattern === undefined ? () => true : compilePattern(pattern).test;
  const isTaken = (uuid: string) => minLength <= uuid.length && uuid.length <= maxLength && takes(uuid);
  if (SAMPLES.every(isTaken)) return given;
  throw new SchemaFault(`${at}: its length or "pattern" refuses the uuid that "generate" makes`);
}
