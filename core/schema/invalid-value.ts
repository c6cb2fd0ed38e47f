import { type AvroType, type Field, withoutNull } from './avro-type.ts';
import { bytesToDecimal } from './decimal.ts';
import type { Value } from './from-json.ts';
import { alike, matchAvro } from './match-avro.ts';
import { avroShape, shapeOf } from './to-json.ts';
import { isUuid } from './uuid.ts';

/** Says what is wrong with a value that is not null, or undefined. */
type Check = (value: unknown) => string | undefined;

const DAY_MS = 86_400_000;
export const DAY_MICROS = DAY_MS * 1_000;
/** The times that RFC 3339, MySQL and DuckDB can all write down: the years 1000 to 9999, in UTC. */
export const EARLIEST_MS = Date.UTC(1000, 0, 1);
export const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
export const EARLIEST_DAY = EARLIEST_MS / DAY_MS;
export const LATEST_DAY = Math.floor(LATEST_MS / DAY_MS);

/**
 * Compiles the verdict on decoded records that storage and the analyzer share: a record that one can't keep, neither keeps. Avro
 * itself lets a double be NaN, any text be a uuid and any number a time; such a record can only come from a producer
 * other than Millrace's. Answers the first fault with its field, such as `distance is not a finite number`.
 */
export function compileInvalidValue(fields: readonly Field[]): (value: Readonly<Value>) => string | undefined {
  const steps = fields.flatMap(({ name, type, noSpaceAtEnd }) => {
    const check = noSpaceAtEnd ? spaceAtEnd : checkOf(type);
    return check ? [{ name, check }] : [];
  });
  return (value) => {
    for (const { name, check } of steps) {
      const fault = check(value[name]);
      if (fault !== undefined) return `${name} ${fault}`;
    }
    return undefined;
  };
}

const spaceAtEnd: Check = (value) =>
  typeof value === 'string' && value.endsWith(' ') ? 'ends with a space' : undefined;

function checkOf(avro: AvroType): Check | undefined {
  const { type, nullable } = withoutNull(avro);
  const check = valueCheck(type);
  return check && nullable ? (value) => (value === null ? undefined : check(value)) : check;
}

function valueCheck(type: AvroType): Check | undefined {
  return matchAvro<Check | undefined>(type, {
    ...alike(['null', 'boolean', 'string', 'bytes', 'fixed', 'enum'], () => undefined),
    ...alike(['float', 'double'], () => (value) => (Number.isFinite(value) ? undefined : 'is not a finite number')),
    int: () => (value) => ((Number(value) | 0) === value ? undefined : 'is not an int'),
    long: () => (value) => (Number.isSafeInteger(value) ? undefined : 'is not a long that can be read exactly'),
    array: ({ items }) => eachOf(checkOf(items), (value) => (Array.isArray(value) ? value : [])),
    map: ({ values }) => eachOf(checkOf(values), (value) => Object.values(value as Value)),
    record: ({ fields }) => {
      const invalid = compileInvalidValue(fields);
      return (value) => invalid(value as Value);
    },
    union: ({ branches }) => unionCheck(branches),
    uuid: () => (value) => (typeof value === 'string' && isUuid(value) ? undefined : 'is not a uuid'),
    date: () => within(EARLIEST_DAY, LATEST_DAY, 'is not a date of the years 1000 to 9999'),
    'time-millis': () => within(0, DAY_MS - 1, 'is not a time of day'),
    'time-micros': () => within(0, DAY_MICROS - 1, 'is not a time of day'),
    'timestamp-millis': () => within(EARLIEST_MS, LATEST_MS, 'is not a time of the years 1000 to 9999'),
    'timestamp-micros': () =>
      within(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'is not a time that can be read exactly'),
    decimal: ({ precision }) => {
      const limit = 10n ** BigInt(precision);
      return (value) => {
        const unscaled = Buffer.isBuffer(value) ? bytesToDecimal(value) : limit;
        return unscaled < limit && unscaled > -limit ? undefined : `has more than ${precision} digits`;
      };
    },
  });
}

/** The branches differ in how their values stand in memory. */
function unionCheck(branches: readonly AvroType[]): Check | undefined {
  const byShape = new Map(branches.map((branch) => [avroShape(branch), checkOf(branch)]));
  if ([...byShape.values()].every((check) => check === undefined)) return undefined;
  return (value) => byShape.get(shapeOf(value))?.(value);
}

function eachOf(check: Check | undefined, elements: (value: unknown) => readonly unknown[]): Check | undefined {
  if (!check) return undefined;
  return (value) => {
    for (const element of elements(value)) {
      const fault = check(element);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

const within =
  (least: number, most: number, fault: string): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most ? undefined : fault;
