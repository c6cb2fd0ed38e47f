import type { AvroType, PrimitiveKind, RecordType } from './avro-type.ts';

/** A decimal as its field declares it: on bytes, or on a fixed of `size` bytes. */
export type Decimal = { readonly precision: number; readonly scale: number; readonly size: number | undefined };

type OfKind<Kind extends AvroType['kind']> = Extract<AvroType, { kind: Kind }>;

/** What to do with each kind of type without a logical type, and with each logical type. */
export type AvroCases<Result> = {
  readonly [Kind in PrimitiveKind]: () => Result;
} & {
  readonly uuid: () => Result;
  readonly date: () => Result;
  readonly 'time-millis': () => Result;
  readonly 'time-micros': () => Result;
  readonly 'timestamp-millis': () => Result;
  readonly 'timestamp-micros': () => Result;
  readonly decimal: (decimal: Decimal) => Result;
  readonly fixed: (type: OfKind<'fixed'>) => Result;
  readonly enum: (type: OfKind<'enum'>) => Result;
  readonly array: (type: OfKind<'array'>) => Result;
  readonly map: (type: OfKind<'map'>) => Result;
  readonly record: (type: RecordType) => Result;
  readonly union: (type: OfKind<'union'>) => Result;
};

/**
 * The one place that tells types apart: a logical type before the kind that it stands on. A new kind or logical type is a
 * new case here, and the compiler then names everything that has to know it. Meant for compiling, not for each record.
 */
export function matchAvro<Result>(type: AvroType, cases: AvroCases<Result>): Result {
  if ('logical' in type && type.logical) {
    const { logical } = type;
    if (logical.name !== 'decimal') return cases[logical.name]();
    const size = type.kind === 'fixed' ? type.size : undefined;
    return cases.decimal({ precision: logical.precision, scale: logical.scale, size });
  }
  switch (type.kind) {
    case 'fixed':
      return cases.fixed(type);
    case 'enum':
      return cases.enum(type);
    case 'array':
      return cases.array(type);
    case 'map':
      return cases.map(type);
    case 'record':
      return cases.record(type);
    case 'union':
      return cases.union(type);
    default:
      return cases[type.kind]();
  }
}

/** The same case for several: `...alike(['int', 'long'], () => 'number')`. */
export function alike<const Name extends keyof AvroCases<unknown>, Result>(
  names: readonly Name[],
  result: () => Result,
): Record<Name, () => Result> {
  return Object.fromEntries(names.map((name) => [name, result])) as Record<Name, () => Result>;
}
