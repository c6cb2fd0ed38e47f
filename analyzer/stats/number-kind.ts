import { type AvroType, withoutNull } from '@millrace/core/schema/avro-type';
import { alike, matchAvro } from '@millrace/core/schema/match-avro';
import { isJsonText } from '../store/is-json-text.ts';

/** How a field's values are computed with; a vast decimal has more digits than DuckDB's own. */
export type NumberKind =
  | { readonly name: 'int' | 'long' | 'float' | 'double' | 'vast'; readonly isScalar: true }
  | { readonly name: 'decimal'; readonly scale: number; readonly isScalar: true }
  | { readonly name: 'none'; readonly isScalar: boolean };

export function numberKind(avro: AvroType): NumberKind {
  const { type } = withoutNull(avro);
  return matchAvro<NumberKind>(type, {
    int: () => ({ name: 'int', isScalar: true }),
    long: () => ({ name: 'long', isScalar: true }),
    float: () => ({ name: 'float', isScalar: true }),
    double: () => ({ name: 'double', isScalar: true }),
    decimal: ({ scale }) =>
      isJsonText(type) ? { name: 'vast', isScalar: true } : { name: 'decimal', scale, isScalar: true },
    ...alike(['boolean', 'string', 'enum', 'uuid', 'date', 'bytes', 'fixed'], () => ({ name: 'none', isScalar: true })),
    ...alike(['time-millis', 'time-micros', 'timestamp-millis', 'timestamp-micros'], () => ({
      name: 'none',
      isScalar: true,
    })),
    ...alike(['null', 'array', 'map', 'record', 'union'], () => ({ name: 'none', isScalar: false })),
  });
}

export function isComputable(avro: AvroType): boolean {
  const { name } = numberKind(avro);
  return name !== 'none' && name !== 'vast';
}
