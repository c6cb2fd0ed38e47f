import type { Field } from './avro-type.ts';
import { ownFields } from './input-schema.ts';
import {
  fieldNameFault,
  isCountTaken,
  isDimensionTaken,
  isMeasureTaken,
  isRouteTaken,
  isStreamTaken,
  isTableTaken,
} from './platform-names.ts';
import { routesOf } from './routes-of.ts';
import type { Stream } from './stream.ts';

/** Which of a stream's own names the platform has for itself. */
export function nameFaults(stream: Stream): string[] {
  const { name, table, key, dimensions, measures, countAs } = stream;
  const fields = ownFields(stream).flatMap((field) => {
    const fault = fieldNameFault(field.name);
    return fault === undefined ? [] : [`field "${field.name}": ${fault}`];
  });
  const parameters = [...new Set([key, ...dimensions])]
    .filter((field) => isDimensionTaken(field.name))
    .map((field) => `field "${field.name}" can be no key or dimension: a query parameter or an answer has that name`);
  const statistics = measures
    .filter((field) => isMeasureTaken(field.name))
    .map(
      (field) => `field "${field.name}" can be no measure: the statistics of a stream have a "${field.name}" already`,
    );
  return [
    ...(isStreamTaken(name) ? [`"${name}" is a reserved name`] : []),
    ...routesOf(stream)
      .filter(isRouteTaken)
      .map((route) => `"${route}" is a reserved route`),
    ...(isTableTaken(table) ? [`the table name "${table}" is the platform's own`] : []),
    ...tableNames(stream.fields)
      .filter((each) => isTableTaken(each.table))
      .map((each) => `field "${each.field}": the table name "${each.table}" is the platform's own`),
    ...fields,
    ...parameters,
    ...statistics,
    ...(countAs !== undefined && isCountTaken(countAs) ? [`"count_as": GET /stats has a "${countAs}" already`] : []),
  ];
}

/** The child tables of a stream, with the field that each is made of. */
export function tableNames(fields: readonly Field[]): { readonly field: string; readonly table: string }[] {
  return fields.flatMap(({ name, table, type }) => {
    const inner = type.kind === 'union' ? type.branches : [type];
    const nested = inner.flatMap((each) =>
      each.kind === 'array' && each.items.kind === 'record' ? each.items.fields : [],
    );
    return table === undefined ? [] : [{ field: name, table }, ...tableNames(nested)];
  });
}
