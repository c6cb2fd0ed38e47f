import { type AvroType, type Field, withoutNull } from '@millrace/core/schema/avro-type';
import { bytesToDecimal } from '@millrace/core/schema/decimal';
import type { Value } from '@millrace/core/schema/from-json';
import { isJsonText } from '../store/is-json-text.ts';
import { parseUuid } from './parse-uuid.ts';

/** Answers what is wrong with a value, or undefined. */
type Check = (value: unknown) => string | undefined;

export const DAY_MICROS = 86_400_000_000;
export const MAX_DATE_MS = 8.64e15;
export const MAX_DAYS = MAX_DATE_MS / 86_400_000;
const words = new Uint32Array(4);

/**
 * Compiles the check that a decoded record holds what its logical types claim: Avro itself lets any text be a uuid and any
 * number a time. Such a record can only come from a producer other than Millrace's. Answers the first fault with its field.
 */
export function compileUnfit(fields: readonly Field[]): (value: Readonly<Value>) => string | undefined {
  const checks = fields.flatMap(({ name, type }) => {
    const check = checkOf(type);
    return check ? [{ name, check }] : [];
  });
  return (value) => {
    for (const { name, check } of checks) {
      const fault = check(value[name]);
      if (fault !== undefined) return `${name} ${fault}`;
    }
    return undefined;
  };
}

function checkOf(avro: AvroType): Check | undefined {
  const { type, nullable } = withoutNull(avro);
  const check = isJsonText(type) ? undefined : innerCheck(type);
  return check && nullable ? (value) => (value === null ? undefined : check(value)) : check;
}

function innerCheck(type: AvroType): Check | undefined {
  if ('logical' in type && type.logical) {
    const { logical } = type;
    switch (logical.name) {
      case 'uuid':
        return (value) => (parseUuid(value, words) ? undefined : 'is not a uuid');
      case 'date':
        return within(MAX_DAYS, 'is not a date');
      case 'time-millis':
        return (value) => timeOfDay(Number(value) * 1000);
      case 'time-micros':
        return (value) => timeOfDay(Number(value));
      case 'timestamp-millis':
        return within(MAX_DATE_MS, 'is not a time');
      case 'timestamp-micros':
        return within(MAX_DATE_MS * 1000, 'is not a time');
      case 'decimal': {
        const most = 10n ** BigInt(logical.precision);
        return (value) => {
          const unscaled = Buffer.isBuffer(value) ? bytesToDecimal(value) : 0n;
          return unscaled < most && unscaled > -most ? undefined : 'has too many digits';
        };
      }
    }
  }
  switch (type.kind) {
    case 'array':
      return each(checkOf(type.items), (value) => (Array.isArray(value) ? value : []));
    case 'map':
      return each(checkOf(type.values), (value) =>
        typeof value === 'object' && value !== null ? Object.values(value) : [],
      );
    case 'record': {
      const unfit = compileUnfit(type.fields);
      return (value) => unfit(value as Value);
    }
    default:
      return undefined;
  }
}

function each(check: Check | undefined, elements: (value: unknown) => readonly unknown[]): Check | undefined {
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
  (most: number, fault: string): Check =>
  (value) =>
    Math.abs(Number(value)) <= most ? undefined : fault;

const timeOfDay = (micros: number) => (micros >= 0 && micros < DAY_MICROS ? undefined : 'is not a time of day');
