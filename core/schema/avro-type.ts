/** What fills a field that a record leaves out. */
export type Generate = 'uuid' | 'now';

/** What a schema file may say beside plain Avro about one field; none of it is registered. */
export type Constraints = {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  readonly unit?: string;
  /** The child table that the elements of an array of records become rows of. */
  readonly table?: string;
  /** What fills the field when a record leaves it out; only of a stream's own fields, not of records within it. */
  readonly generate?: Generate;
};

export type Field = Constraints & {
  /** Only of the key of an upsert stream, and not from its file: the database takes texts for one that differ in such spaces. */
  readonly noSpaceAtEnd?: true;
  readonly name: string;
  readonly type: AvroType;
  readonly doc?: string;
  /** What the field was named in earlier versions. */
  readonly aliases?: readonly string[];
  /** Present, even when it is `null`, exactly when the schema gives a default: such a field may be left out. */
  readonly default?: unknown;
};

export type Logical =
  | { readonly name: 'uuid' | 'date' | 'time-millis' | 'time-micros' | 'timestamp-millis' | 'timestamp-micros' }
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number };

export type PrimitiveKind = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

/** An Avro schema with its names resolved, so that every consumer of it walks a plain tree. */
export type AvroType =
  | { readonly kind: PrimitiveKind; readonly logical?: Logical }
  | { readonly kind: 'fixed'; readonly name: string; readonly size: number; readonly logical?: Logical }
  | { readonly kind: 'enum'; readonly name: string; readonly symbols: readonly string[]; readonly default?: string }
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | RecordType
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] };

export type RecordType = {
  readonly kind: 'record';
  readonly name: string;
  readonly doc?: string;
  readonly fields: readonly Field[];
};

/** The type itself, or what a nullable union holds when it is not null; a union of several stays a union. */
export function withoutNull(type: AvroType): { readonly nullable: boolean; readonly type: AvroType } {
  if (type.kind !== 'union') return { nullable: type.kind === 'null', type };
  const branches = type.branches.filter((branch) => branch.kind !== 'null');
  const [only] = branches;
  return {
    nullable: branches.length < type.branches.length,
    type: branches.length === 1 && only ? only : { kind: 'union', branches },
  };
}

/** The records that a value of the type may hold, the nearest of them only. */
export function recordsIn(type: AvroType): readonly RecordType[] {
  if (type.kind === 'record') return [type];
  if (type.kind === 'array') return recordsIn(type.items);
  if (type.kind === 'map') return recordsIn(type.values);
  return type.kind === 'union' ? type.branches.flatMap(recordsIn) : [];
}

/** True for what can be summed and compared as a number: Avro's four number kinds without a logical type. */
export function isNumeric(type: AvroType): boolean {
  const { type: inner } = withoutNull(type);
  if (inner.kind === 'int' || inner.kind === 'long' || inner.kind === 'float' || inner.kind === 'double')
    return inner.logical === undefined;
  return 'logical' in inner && inner.logical?.name === 'decimal';
}

/** True for an instant: what a stream's `time` must be. */
export function isInstant(type: AvroType): boolean {
  return (
    type.kind === 'long' && (type.logical?.name === 'timestamp-millis' || type.logical?.name === 'timestamp-micros')
  );
}
