import type { NamedField, NamedType } from './named-type.ts';

/** What each kind may also be read as (Avro 1.12, "Schema Resolution", promotions). */
const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/** Whether every record written as `writer` can be read as `reader`. Logical types take no part: the bytes are the same. */
export const canRead = (reader: NamedType, writer: NamedType): boolean => reads(reader, writer, new Set());

/** `open` holds the pairs of records being compared, which a recursive schema meets again. */
function reads(reader: NamedType, writer: NamedType, open: Set<string>): boolean {
  if (writer.kind === 'union') return writer.branches.every((branch) => reads(reader, branch, open));
  switch (reader.kind) {
    case 'union':
      return reader.branches.some((branch) => reads(branch, writer, open));
    case 'array':
      return writer.kind === 'array' && reads(reader.items, writer.items, open);
    case 'map':
      return writer.kind === 'map' && reads(reader.values, writer.values, open);
    case 'fixed':
      return writer.kind === 'fixed' && reader.size === writer.size && answersTo(reader, writer.name);
    case 'enum':
      return (
        writer.kind === 'enum' &&
        answersTo(reader, writer.name) &&
        (reader.fallback !== undefined || writer.symbols.every((symbol) => reader.symbols.includes(symbol)))
      );
    case 'record': {
      if (writer.kind !== 'record' || !answersTo(reader, writer.name)) return false;
      const pair = `${reader.name} ${writer.name}`;
      if (open.has(pair)) return true;
      const inside = new Set(open).add(pair);
      return reader.fields.every((field) => {
        const [written, ...more] = writer.fields.filter(({ name }) => answersTo(field, name));
        if (more.length > 0) return false;
        return written ? reads(field.type, written.type, inside) : field.fallback !== undefined;
      });
    }
    default:
      return reader.kind === writer.kind || (PROMOTIONS[writer.kind] ?? []).includes(reader.kind);
  }
}

/** Whether the reader's own name or one of its aliases is the writer's name. */
export const answersTo = ({ name, aliases }: Pick<NamedField, 'name' | 'aliases'>, written: string): boolean =>
  name === written || aliases.includes(written);
