import type { Logical } from './avro-type.ts';
import { SchemaFault } from './schema-fault.ts';

const LOGICAL_ON: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['uuid', ['string', 'fixed']],
  ['date', ['int']],
  ['time-millis', ['int']],
  ['time-micros', ['long']],
  ['timestamp-millis', ['long']],
  ['timestamp-micros', ['long']],
  ['decimal', ['bytes', 'fixed']],
]);
/** What MySQL's DECIMAL holds. */
const MOST_DIGITS = 65;
const MOST_PLACES = 30;

/**
 * The logical type of a schema. One that Millrace does not know is ignored, as Avro says, so the field is what it stands on;
 * one that it knows must fit, for a slip there would silently be another field.
 */
export function parseLogical(
  schema: Readonly<Record<string, unknown>>,
  kind: string,
  size: number | undefined,
  at: string,
): { logical?: Logical } {
  const { logicalType: name, precision, scale = 0 } = schema;
  const kinds = LOGICAL_ON.get(name);
  if (!kinds || (name === 'uuid' && kind === 'fixed')) return {};
  if (!kinds.includes(kind)) throw new SchemaFault(`${at}: logical type "${name}" does not fit "${kind}"`);
  if (!isSimple(name)) {
    const fits = isCount(precision, 1, MOST_DIGITS) && isCount(scale, 0, Math.min(precision, MOST_PLACES));
    if (!fits)
      throw new SchemaFault(
        `${at}: a decimal needs a "precision" of 1 to ${MOST_DIGITS} and a "scale" of 0 to ${MOST_PLACES}, at most the precision`,
      );
    if (size !== undefined && 10n ** BigInt(precision) > 1n << BigInt(size * 8 - 1))
      throw new SchemaFault(`${at}: a decimal of ${precision} digits does not fit into a fixed of ${size} bytes`);
    return { logical: { name: 'decimal', precision, scale } };
  }
  return { logical: { name } };
}

const isSimple = (name: unknown): name is Exclude<Logical['name'], 'decimal'> =>
  name !== 'decimal' && LOGICAL_ON.has(name);
const isCount = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
