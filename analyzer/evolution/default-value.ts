import type { AvroType } from '@millrace/core/schema/avro-type';
import type { Value } from '@millrace/core/schema/from-json';

/** A field's default, written as JSON, as a decoded record would have it (Avro 1.12, "Complex Types", default). */
export function defaultValue(type: AvroType, json: unknown): unknown {
  switch (type.kind) {
    case 'union': {
      const [first] = type.branches;
      return first ? defaultValue(first, json) : null;
    }
    case 'bytes':
    case 'fixed':
      return Buffer.from(String(json), 'latin1');
    case 'array':
      return Array.isArray(json) ? json.map((each) => defaultValue(type.items, each)) : [];
    case 'map':
      return Object.fromEntries(entries(json).map(([key, each]) => [key, defaultValue(type.values, each)]));
    case 'record': {
      const given: Value = Object.fromEntries(entries(json));
      return Object.fromEntries(
        type.fields.map((field) => [
          field.name,
          defaultValue(field.type, field.name in given ? given[field.name] : field.default),
        ]),
      );
    }
    default:
      return json;
  }
}

const entries = (json: unknown) => (typeof json === 'object' && json !== null ? Object.entries(json) : []);
