import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Fault } from '../problem/problem.ts';
import { valueMessages } from './value-messages.ts';

/** The choices that a message names, and the longest text whose characters it counts. */
const MAX_CHOICES = 50;
const MAX_COUNTED = 10_000;
const LEAP_SECOND = /T\d\d:\d\d:60/i;

/** What ajv found wrong with a value, as a place in it and the rest of a sentence that begins with that place. */
export function toFault(error: ErrorObject): Fault {
  const { instancePath, keyword, params, propertyName } = error;
  const child = (name: unknown) => `${instancePath}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  switch (keyword) {
    case 'required':
      return { pointer: child(params.missingProperty), message: 'is required' };
    case 'additionalProperties':
      return { pointer: child(params.additionalProperty), message: 'is not a field of this stream' };
    case 'mapKey':
      return { pointer: child(propertyName), message: 'has a key that is not well-formed Unicode, or is __proto__' };
    default:
      return { pointer: instancePath, message: messageOf(error) };
  }
}

function messageOf({ keyword, params, parentSchema, data, message = 'is wrong' }: ErrorObject): string {
  switch (keyword) {
    case 'format':
      return typeof data === 'string' && LEAP_SECOND.test(data)
        ? 'has a leap second, which no timestamp can hold'
        : formatMessage(params.format) || message;
    case 'type': {
      if (data === Infinity || data === -Infinity) return 'is a number beyond the range of a double';
      const format = formatMessage(parentSchema?.format);
      return format
        ? format.replace('must be', 'must be a text,')
        : `must be ${String(params.type).replaceAll(',', ' or ')}`;
    }
    case 'enum':
      return `must be one of ${firstOf([params.allowedValues].flat())}`;
    case 'maxLength':
      return `must have at most ${params.limit} characters${has(data)}`;
    case 'minLength':
      return `must have at least ${params.limit} characters${has(data)}`;
    case 'wellFormed':
      return valueMessages.wellFormed;
    case 'noSpaceAtEnd':
      return valueMessages.noSpaceAtEnd;
    case 'base64':
      return valueMessages.base64;
    case 'decimal':
      return decimalMessage(parentSchema?.decimal);
    case 'anyOf':
      return 'matches none of the types that the field may have';
    default:
      return message;
  }
}

/** Characters are code points: an emoji is one, although it takes several units in memory. */
const has = (data: unknown) =>
  typeof data === 'string' && data.length <= MAX_COUNTED ? `; it has ${[...data].length}` : '';

/** Each record of a batch may name the same choices. */
function firstOf(allowed: readonly unknown[]): string {
  const choices = allowed.map((each) => each ?? 'null');
  const more = choices.length - MAX_CHOICES;
  return more > 0 ? `${choices.slice(0, MAX_CHOICES).join(', ')} and ${more} more` : choices.join(', ');
}

function formatMessage(format: unknown): string {
  const [found = ''] = Object.entries(valueMessages).flatMap(([name, message]) => (name === format ? [message] : []));
  return found;
}

function decimalMessage(rule: unknown): string {
  if (typeof rule !== 'object' || rule === null || !('precision' in rule) || !('scale' in rule))
    return 'must be a decimal that fits the precision, scale and limits of the field';
  const least = 'minimum' in rule ? `, at least ${rule.minimum}` : '';
  const most = 'maximum' in rule ? `, at most ${rule.maximum}` : '';
  return `must be a decimal of at most ${rule.precision} digits, ${rule.scale} of them after the point${least}${most}`;
}
