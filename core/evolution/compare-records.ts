import { answersTo } from './can-read.ts';
import type { Change } from './change.ts';
import type { NamedField, NamedType } from './named-type.ts';
import { typeText } from './type-text.ts';

type NamedRecord = Extract<NamedType, { kind: 'record' }>;
type CompareTypes = (before: NamedType, after: NamedType, at: string, open: ReadonlySet<string>) => Change[];

const ABSENT = 'absent';

/** Fields are paired by name or by an alias of the later one, in any order. */
export function compareRecords(
  before: NamedRecord,
  after: NamedRecord,
  at: string,
  open: ReadonlySet<string>,
  compareTypes: CompareTypes,
): Change[] {
  const pair = `${before.name} ${after.name}`;
  if (open.has(pair)) return [];
  const inside = new Set(open).add(pair);
  const pathOf = (field: NamedField) => (at ? `${at}.${field.name}` : field.name);
  const earlier = (field: NamedField) =>
    before.fields.find(({ name }) => name === field.name) ?? before.fields.find(({ name }) => answersTo(field, name));

  const changes = after.fields.flatMap((field) => {
    const was = earlier(field);
    if (!was) return [added(field, pathOf(field))];
    return [
      ...(was.name === field.name ? [] : [renamed(was, field, pathOf(field))]),
      ...compareDefaults(was, field, pathOf(field)),
      ...compareTypes(was.type, field.type, pathOf(field), inside),
    ];
  });
  const kept = new Set(after.fields.map(earlier));
  return [
    ...changes,
    ...before.fields.filter((field) => !kept.has(field)).map((field) => removed(field, pathOf(field))),
  ];
}

const added = (field: NamedField, path: string): Change => ({
  path,
  what: field.fallback === undefined ? 'is new, without a default' : `is new, with the default ${field.fallback}`,
  notBackward:
    field.fallback === undefined
      ? 'records written before do not have it (give it a default, or an alias if it was renamed)'
      : undefined,
  before: ABSENT,
  after: fieldText(field),
});

const removed = (field: NamedField, path: string): Change => ({
  path,
  what: 'is gone',
  notForward: field.fallback === undefined ? 'the earlier schema gives no default for it' : undefined,
  before: fieldText(field),
  after: ABSENT,
});

/** The later field answers to the earlier name by its alias; the earlier one knows nothing of the later name. */
const renamed = (was: NamedField, field: NamedField, path: string): Change => ({
  path,
  what: `was named ${was.name}, which is its alias`,
  notForward:
    was.fallback === undefined && !answersTo(was, field.name)
      ? `the earlier schema looks for ${was.name} and gives no default for it`
      : undefined,
  before: was.name,
  after: field.name,
});

function compareDefaults(was: NamedField, is: NamedField, path: string): Change[] {
  if (was.fallback === is.fallback) return [];
  const text = (fallback: string | undefined) => (fallback === undefined ? 'no default' : `default ${fallback}`);
  return [
    {
      path,
      what: `changed from ${text(was.fallback)} to ${text(is.fallback)}`,
      before: fieldText(was),
      after: fieldText(is),
    },
  ];
}

const fieldText = ({ type, fallback }: NamedField) =>
  fallback === undefined ? typeText(type) : `${typeText(type)}, default ${fallback}`;
