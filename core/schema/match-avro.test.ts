import { describe, expect, it } from 'vitest';
import type { AvroType } from './avro-type.ts';
import { type AvroCases, alike, matchAvro } from './match-avro.ts';

const cases: AvroCases<unknown> = {
  ...alike(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'], () => 'primitive'),
  ...alike(['fixed', 'enum'], () => 'named'),
  ...alike(['array', 'map', 'record', 'union'], () => 'parts'),
  ...alike(['uuid', 'date', 'time-millis', 'time-micros', 'timestamp-millis', 'timestamp-micros'], () => 'logical'),
  decimal: (decimal) => decimal,
};

describe('matchAvro', () => {
  it.each<[string, AvroType]>([
    ['primitive', { kind: 'null' }],
    ['primitive', { kind: 'string' }],
    ['logical', { kind: 'string', logical: { name: 'uuid' } }],
    ['logical', { kind: 'long', logical: { name: 'time-micros' } }],
    ['named', { kind: 'fixed', name: 'F', size: 4 }],
    ['named', { kind: 'enum', name: 'E', symbols: ['A'] }],
    ['parts', { kind: 'union', branches: [{ kind: 'null' }] }],
  ])('takes the case of %s: %j', (expected, type) => {
    expect(matchAvro(type, cases)).toBe(expected);
  });

  it('gives a decimal its digits, and the size of a fixed one', () => {
    const logical = { name: 'decimal', precision: 10, scale: 2 } as const;

    expect(matchAvro({ kind: 'bytes', logical }, cases)).toEqual({ precision: 10, scale: 2, size: undefined });
    expect(matchAvro({ kind: 'fixed', name: 'F', size: 5, logical }, cases)).toEqual({
      ...{ precision: 10, scale: 2, size: 5 },
    });
  });
});
