import { answersTo, canRead } from './can-read.ts';
import type { Change } from './change.ts';
import { compareRecords } from './compare-records.ts';
import { type NamedType, namedType } from './named-type.ts';
import { typeText } from './type-text.ts';

/** Every change from one Avro schema to a later one that readers can notice; none when only words or constraints differ. */
export const compareSchemas = (before: unknown, after: unknown): Change[] =>
  compareTypes(namedType(before), namedType(after), '', new Set());

/** `open` holds the pairs of records being compared, which a recursive schema meets again. */
export function compareTypes(before: NamedType, after: NamedType, at: string, open: ReadonlySet<string>): Change[] {
  if (before.kind === 'union' || after.kind === 'union') return compareUnions(before, after, at, open);
  if (before.kind === 'array' && after.kind === 'array')
    return compareTypes(before.items, after.items, `${at}[]`, open);
  if (before.kind === 'map' && after.kind === 'map') return compareTypes(before.values, after.values, `${at}{}`, open);
  const renamed = compareNames(before, after, at);
  if (before.kind === 'record' && after.kind === 'record')
    return [...renamed, ...compareRecords(before, after, at, open, compareTypes)];
  if (before.kind === 'enum' && after.kind === 'enum') return [...renamed, ...compareSymbols(before, after, at)];
  if (before.kind === 'fixed' && after.kind === 'fixed' && before.size !== after.size)
    return [...renamed, typeChange(before, after, at)];
  if (before.kind !== after.kind) return [typeChange(before, after, at)];
  return [...renamed, ...compareLogical(before, after, at)];
}

function compareNames(before: NamedType, after: NamedType, at: string): Change[] {
  if (!('name' in before && 'name' in after) || before.kind !== after.kind || before.name === after.name) return [];
  const backward = answersTo(after, before.name);
  const forward = answersTo(before, after.name);
  return [
    {
      path: at,
      what: `is now named ${after.name}, before ${before.name}`,
      notBackward: backward ? undefined : `the new name gives no alias ${before.name}`,
      notForward: forward ? undefined : `the earlier schema does not know the new name`,
      before: before.name,
      after: after.name,
    },
  ];
}

type Enum = Extract<NamedType, { kind: 'enum' }>;

function compareSymbols(before: Enum, after: Enum, at: string): Change[] {
  const lost = before.symbols.filter((symbol) => !after.symbols.includes(symbol));
  const won = after.symbols.filter((symbol) => !before.symbols.includes(symbol));
  const sides = { path: at, before: before.symbols.join(', '), after: after.symbols.join(', ') };
  const removed: Change = {
    ...sides,
    what: `no longer allows ${lost.join(', ')}`,
    notBackward: after.fallback === undefined ? 'records that hold it could not be read' : undefined,
  };
  const added: Change = {
    ...sides,
    what: `also allows ${won.join(', ')}`,
    notForward: before.fallback === undefined ? 'the earlier enum has no default to read it as' : undefined,
  };
  return [...(lost.length > 0 ? [removed] : []), ...(won.length > 0 ? [added] : [])];
}

/** The bytes read alike but mean something else, which no reader could notice: both ways are refused. */
function compareLogical(before: NamedType, after: NamedType, at: string): Change[] {
  const logical = (type: NamedType) => ('logical' in type ? type.logical : undefined);
  if (logical(before) === logical(after)) return [];
  const why = 'the same bytes would mean another value';
  return [{ ...typeChange(before, after, at), notBackward: why, notForward: why }];
}

function typeChange(before: NamedType, after: NamedType, at: string, readers = { before, after }): Change {
  return {
    path: at,
    what: `changed from ${typeText(before)} to ${typeText(after)}`,
    notBackward: canRead(readers.after, before)
      ? undefined
      : `what was written as ${brief(before)} can't be read as ${brief(after)}`,
    notForward: canRead(readers.before, after) ? undefined : `${brief(after)} can't be read as ${brief(before)}`,
    before: typeText(before),
    after: typeText(after),
  };
}

/** Branches are paired by kind and name; a type that is no union counts as a union of one. */
function compareUnions(before: NamedType, after: NamedType, at: string, open: ReadonlySet<string>): Change[] {
  const was = branchesOf(before);
  const is = branchesOf(after);
  const paired = was.flatMap((branch) => {
    const twin = is.find((other) => sameBranch(branch, other));
    return twin ? compareTypes(branch, twin, at, open) : [];
  });
  const lost = was.filter((branch) => !is.some((other) => sameBranch(branch, other)));
  const won = is.filter((branch) => !was.some((other) => sameBranch(branch, other)));
  const [onlyLost] = lost;
  const [onlyWon] = won;
  if (onlyLost && onlyWon && lost.length === 1 && won.length === 1)
    return [...paired, typeChange(onlyLost, onlyWon, at, { before, after })];
  const sides = { path: at, before: typeText(before), after: typeText(after) };
  return [
    ...paired,
    ...lost.map((branch) => ({
      ...sides,
      what: `may no longer be ${typeText(branch)}`,
      notBackward: canRead(after, branch) ? undefined : `records that hold ${brief(branch)} could not be read`,
    })),
    ...won.map((branch) => ({
      ...sides,
      what: `may now also be ${typeText(branch)}`,
      notForward: canRead(before, branch) ? undefined : `the earlier schema can't read ${brief(branch)}`,
    })),
  ];
}

const branchesOf = (type: NamedType) => (type.kind === 'union' ? type.branches : [type]);
const brief = (type: NamedType) => (type.kind === 'record' || type.kind === 'enum' ? type.name : typeText(type));

const sameBranch = (one: NamedType, other: NamedType): boolean =>
  one.kind === other.kind &&
  (!('name' in one && 'name' in other) || one.name === other.name || answersTo(other, one.name));
