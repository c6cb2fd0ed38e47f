import type { AvroType, Constraints, Field } from '../schema/avro-type.ts';
import { mayBeLeftOut } from '../schema/generated-field.ts';
import { answersTo } from './can-read.ts';
import type { ContractChange } from './contract-change.ts';

type Limit = 'minimum' | 'maximum' | 'minLength' | 'maxLength';

/** Whether a higher number lets less through. */
const LIMITS: Readonly<Record<Limit, boolean>> = { minimum: true, maximum: false, minLength: true, maxLength: false };

/**
 * What each field that both versions have now lets through that it did not, and the other way round. Keys and dimensions
 * have the length that indexing gives them where they give none.
 */
export const compareConstraints = (before: readonly Field[], after: readonly Field[], at = ''): ContractChange[] =>
  after.flatMap((field) => {
    const was = before.find(({ name }) => name === field.name) ?? before.find(({ name }) => answers(field, name));
    if (!was) return [];
    const path = at ? `${at}.${field.name}` : field.name;
    return [
      ...Object.entries(LIMITS).flatMap(([limit, higherIsTighter]) =>
        compareLimit(path, limit as Limit, higherIsTighter, was, field),
      ),
      ...comparePattern(path, was, field),
      ...compareUnit(path, was, field),
      ...compareTable(path, was, field),
      ...compareGenerate(path, was, field),
      ...inside(was.type, field.type, path),
    ];
  });

function compareLimit(
  path: string,
  limit: Limit,
  higherIsTighter: boolean,
  { [limit]: was }: Constraints,
  { [limit]: is }: Constraints,
): ContractChange[] {
  if (was === is) return [];
  const tightened = is !== undefined && (was === undefined || is > was === higherIsTighter);
  return [
    {
      what: `${path}: ${limit} ${tightened ? 'tightened' : 'loosened'} from ${was ?? 'none'} to ${is ?? 'none'}`,
      breaks: tightened ? 'records that were taken before are refused with 400' : undefined,
    },
  ];
}

/** Which of two patterns accepts more is unknown, so a changed one counts as tightened. */
function comparePattern(path: string, { pattern: was }: Constraints, { pattern: is }: Constraints): ContractChange[] {
  if (was === is) return [];
  if (is === undefined) return [{ what: `${path}: pattern ${was} loosened to none` }];
  const what = was === undefined ? `pattern tightened from none to ${is}` : `pattern changed from ${was} to ${is}`;
  return [{ what: `${path}: ${what}`, breaks: 'records that were taken before may be refused with 400' }];
}

function compareUnit(path: string, { unit: was }: Constraints, { unit: is }: Constraints): ContractChange[] {
  if (was === is) return [];
  const breaks = was !== undefined && is !== undefined ? 'the numbers stored before meant another unit' : undefined;
  return [{ what: `${path}: unit changed from ${was ?? 'none'} to ${is ?? 'none'}`, breaks }];
}

function compareTable(path: string, { table: was }: Constraints, { table: is }: Constraints): ContractChange[] {
  if (was === is) return [];
  const kept = (table: string | undefined) => (table === undefined ? 'JSON in its row' : `rows of the table ${table}`);
  const breaks = 'rows stored before keep theirs where they are';
  return [{ what: `${path}: its elements changed from ${kept(was)} to ${kept(is)}`, breaks }];
}

function compareGenerate(path: string, was: Field, is: Field): ContractChange[] {
  if (was.generate === is.generate) return [];
  const what = `${path}: what fills it when it is left out changed from ${was.generate ?? 'nothing'} to ${is.generate ?? 'nothing'}`;
  return [{ what, breaks: mayBeLeftOut(is) ? undefined : 'records that leave it out are refused with 400' }];
}

/** The branches of a union are paired by kind and name; a type that is no union counts as a union of one. */
const inside = (before: AvroType, after: AvroType, at: string): ContractChange[] =>
  branches(after).flatMap((is) => {
    const was = branches(before).find((other) => sameBranch(is, other));
    if (was?.kind === 'array' && is.kind === 'array') return inside(was.items, is.items, `${at}[]`);
    if (was?.kind === 'map' && is.kind === 'map') return inside(was.values, is.values, `${at}{}`);
    if (was?.kind === 'record' && is.kind === 'record') return compareConstraints(was.fields, is.fields, at);
    return [];
  });

const branches = (type: AvroType) => (type.kind === 'union' ? type.branches : [type]);
const sameBranch = (one: AvroType, other: AvroType) =>
  one.kind === other.kind && (!('name' in one && 'name' in other) || one.name === other.name);
const answers = ({ name, aliases = [] }: Field, written: string) => answersTo({ name, aliases }, written);
