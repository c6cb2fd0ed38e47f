import { type AvroType, type Field, type RecordType, withoutNull } from '@millrace/core/schema/avro-type';
import { defaultValue } from '@millrace/core/schema/default-value';
import { alike, matchAvro } from '@millrace/core/schema/match-avro';
import { avroShape, compileToJson } from '@millrace/core/schema/to-json';

/** Converts a value's JSON of an older schema to that of the newest. Never called with null. */
type Resolve = (json: unknown) => unknown;

/**
 * Compiles Avro's schema resolution for values that are stored as JSON: a field that was renamed is found by its alias, one that
 * is newer has its default, one that is gone is left out, a symbol that is gone is the enum's default. Undefined where
 * every earlier schema's JSON is the newest's.
 */
export function resolveJson(avro: AvroType): Resolve | undefined {
  const { type } = withoutNull(avro);
  return matchAvro<Resolve | undefined>(type, {
    ...alike(['null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'bytes', 'fixed'], () => undefined),
    ...alike(['uuid', 'date', 'time-millis', 'time-micros'], () => undefined),
    ...alike(['timestamp-millis', 'timestamp-micros', 'decimal'], () => undefined),
    enum: ({ symbols, default: fallback }) =>
      fallback === undefined ? undefined : (json) => (symbols.includes(String(json)) ? json : fallback),
    array: ({ items }) => {
      const resolve = orNull(resolveJson(items));
      return resolve && ((json) => (Array.isArray(json) ? json.map(resolve) : json));
    },
    map: ({ values }) => {
      const resolve = orNull(resolveJson(values));
      return (
        resolve &&
        ((json) => Object.fromEntries(Object.entries(Object(json)).map(([key, each]) => [key, resolve(each)])))
      );
    },
    record: resolveRecord,
    union: ({ branches }) => {
      const objects = branches.filter((branch) => avroShape(branch) === 'object').map(resolveJson);
      const [ofObject] = objects;
      return ofObject && ((json) => (typeof json === 'object' && !Array.isArray(json) ? ofObject(json) : json));
    },
  });
}

function resolveRecord({ fields }: RecordType): Resolve {
  const steps = fields.map((field) => ({
    names: [field.name, ...(field.aliases ?? [])],
    name: field.name,
    resolve: orNull(resolveJson(field.type)),
    fallback: 'default' in field ? defaultJson(field) : undefined,
  }));
  return (json) => {
    const stored = new Map(Object.entries(Object(json)));
    return Object.fromEntries(
      steps.map(({ names, name, resolve, fallback }) => {
        const held = names.find((each) => stored.has(each));
        const value = held === undefined ? fallback : stored.get(held);
        return [name, held !== undefined && resolve ? resolve(value) : value];
      }),
    );
  };
}

const defaultJson = (field: Field): unknown =>
  compileToJson([field])({ [field.name]: defaultValue(field.type, field.default, `field "${field.name}"`) })[
    field.name
  ];

const orNull = (resolve: Resolve | undefined): Resolve | undefined =>
  resolve && ((json) => (json === null || json === undefined ? json : resolve(json)));
