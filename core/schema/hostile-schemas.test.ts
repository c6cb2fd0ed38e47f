// biome-ignore-all format: a corpus reads best with one schema a line
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadStreams } from './load-streams.ts';

type Files = Readonly<Record<string, unknown>>;

const TIME = { type: 'long', logicalType: 'timestamp-millis' };
const text = (name: string, maxLength?: number) => ({ name, type: 'string', ...(maxLength ? { maxLength } : {}) });
const many = <T>(count: number, of: (n: number) => T) => Array.from({ length: count }, (_, n) => of(n));
const schema = (fields: readonly unknown[], stream: object = {}, more: object = {}) => ({
  ...{ type: 'record', name: 'Thing', stream, fields: [...fields, { name: 'at', type: TIME }], ...more },
});
const field = (type: unknown, more: object = {}) => schema([{ name: 'it', type, ...more }]);
const array = (fields: readonly unknown[], name = 'Part') => ({
  ...{ type: 'array', items: { type: 'record', name, fields } },
});

/** The one line that every service stops with, or undefined where the files are fine. */
async function refusal(files: Files): Promise<string | undefined> {
  const dir = await mkdtemp(join(tmpdir(), 'hostile-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return loadStreams(dir).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** What the file `a.avsc` alone is refused with. */
const refused: [string, unknown, RegExp][] = [];
const refuse = (name: string, content: unknown, line: RegExp) => refused.push([name, content, line]);

// Names of the platform.
for (const name of ['position', 'Position', 'stored_at', 'topic_partition', 'record_offset', 'position_index'])
  refuse(`a field ${name}`, schema([text(name)]), new RegExp(`field "${name}": answers and rows have a member`));
refuse('a field Event_ID', schema([text('Event_ID')]), /field "Event_ID": Millrace adds a field of this name itself/);
refuse('a field db_row_id', schema([text('db_row_id')]), /field "db_row_id": the database keeps a column/);
for (const name of ['order', 'limit', 'cursor', 'start_timestamp', 'measure', 'group_by', 'window_start', 'count', 'previous', 'max_lag', 'Limit'])
  refuse(`a dimension ${name}`, schema([text(name)], { dimensions: [name] }), new RegExp(`field "${name}" can be no key or dimension`));
refuse('a key limit', schema([text('limit')], { key: 'limit' }), /field "limit" can be no key or dimension/);
for (const name of ['count', 'first', 'last'])
  refuse(`a measure ${name}`, schema([{ name, type: 'int' }], { measures: [name] }), new RegExp(`field "${name}" can be no measure`));
for (const name of ['streams', 'as_of', 'last_updated', 'lag'])
  refuse(`a count ${name}`, schema([], { count_as: name }), /"count_as": GET \/stats has a/);
for (const name of ['stats', 'millrace-numbering', 'dead-letters', 'v1'])
  refuse(`a stream ${name}`, schema([], { name }), new RegExp(`"${name}" is a reserved name`));
refuse('a stream x.dead-letter', schema([], { name: 'x.dead-letter' }), /"stream.name" must be lower-case words/);
for (const path of ['/stats/live', '/export/x.csv', '/docs/a', '/stats', '/dead-letters/redrive'])
  refuse(`the route ${path}`, schema([], { path }), /is a reserved route/);
refuse('the route of its own index', schema([], { path: '/a' }), /the route \/a is that of the stream's index/);
for (const name of ['storage-rows', 'platform-locks', 'redrives', 'checkpoints', 'knex-migrations'])
  refuse(`a table of ${name}`, schema([], { name }), /is the platform's own/);
refuse('a child table dead_letters', schema([{ name: 'it', table: 'dead_letters', type: array([text('a')]) }]), /field "it": the table name "dead_letters" is the platform's own/);

// Limits of the databases.
refuse('fields that differ in case', schema([text('id'), text('ID')]), /fields "id" and "ID" differ in case only/);
refuse('nested fields that differ in case', field({ type: 'record', name: 'N', fields: [text('a'), text('A')] }), /field "it": fields "a" and "A" differ in case only/);
refuse('a name of 65 letters', schema([text('a'.repeat(65))]), /field "a{65}" has a name of 65 characters/);
refuse('an indexed name of 62 letters', schema([text('a'.repeat(62))], { dimensions: ['a'.repeat(62)] }), /its name may have 61 characters, not 62/);
refuse('a stream of 65 letters', schema([], { name: 'a'.repeat(65) }), /the stream's name has 65 characters/);
refuse('65 texts of 255 characters', schema(many(65, (n) => text(`t${n}`, 255))), /the record may have \d+ bytes, and a row at most 65535/);
refuse('101 texts of 20 characters', schema(many(101, (n) => text(`t${n}`, 20))), /put some of them into a nested record/);
refuse('198 long texts', schema(many(198, (n) => text(`t${n}`))), /put some of them into a nested record/);
refuse('1,011 booleans', schema(many(1_011, (n) => ({ name: `b${n}`, type: 'boolean' }))), /1019 columns with Millrace's own/);
refuse('63 dimensions', schema(many(63, (n) => ({ name: `d${n}`, type: 'int' })), { dimensions: many(63, (n) => `d${n}`) }), /a table has at most 64/);
refuse('a dimension of 1,000 characters', schema([text('d', 1_000)], { dimensions: ['d'] }), /field "d" is a key or a dimension.*at most 700/);
refuse('a dimension that is a map', schema([{ name: 'd', type: { type: 'map', values: 'int' } }], { dimensions: ['d'] }), /field "d".*kept as JSON/);
refuse('a long dimension beside a long key', schema([text('k', 600), text('d', 600)], { store: 'upsert', key: 'k', dimensions: ['d'] }), /field "d" is indexed with ingested_at and k: \d+ bytes/);
refuse('a key that may be null', schema([{ name: 'k', type: ['null', 'string'], default: null }], { store: 'upsert', key: 'k' }), /key "k" must be/);
refuse('a child table of a name too long', schema([{ name: 'it', table: 'a'.repeat(56), type: array([text('a')]) }]), /field "it": its "table" has a name of 56 characters/);
refuse('a child table in upper case', schema([{ name: 'it', table: 'Parts', type: array([text('a')]) }]), /field "it": its "table" must be a lower-case name/);
refuse('a child table with a field parent_key', schema([{ name: 'it', table: 'parts', type: array([text('Parent_Key')]) }]), /field "it\[\].Parent_Key" has the name of a column that Millrace adds/);
refuse('a child table with a field too long', schema([{ name: 'it', table: 'parts', type: array([text('a'.repeat(65))]) }]), /field "it\[\].a{65}" has a name of 65 characters/);
refuse('a child table too wide', schema([{ name: 'it', table: 'parts', type: array(many(65, (n) => text(`t${n}`, 255))) }]), /an element of "it" may have \d+ bytes/);

describe('a schema is refused, naming file and field, with', () => {
  it.each(refused)('%s', async (_, content, line) => {
    const message = await refusal({ 'a.avsc': content });

    expect(message).toMatch(line);
    expect(message).toMatch(/^a\.avsc: [^\n]*$/);
  });
});

describe('streams are refused together with', () => {
  it.each<[string, Files, RegExp]>([
    ['tables of one name', { 'a.avsc': schema([{ name: 'it', table: 'b', type: array([text('x')]) }]), 'b.avsc': schema([]) }, /b\.avsc: the table "b" is already taken by a\.avsc/],
    ['child tables of one name', { 'a.avsc': schema([{ name: 'it', table: 'x', type: array([text('x')]) }, { name: 'that', table: 'x', type: array([text('x')], 'Other') }]) }, /a\.avsc: the table "x" is already taken by a\.avsc/],
    ['a route below another', { 'a.avsc': schema([], { path: '/p/q' }), 'b.avsc': schema([], { path: '/p' }) }, /a\.avsc: the route \/p\/q is one row of \/p, which b\.avsc has/],
    ['one route', { 'a.avsc': schema([], { path: '/p/q' }), 'b.avsc': schema([], { path: '/p/q' }) }, /b\.avsc: the route \/p\/q is already taken/],
  ])('%s', async (_, files, line) => {
    expect(await refusal(files)).toMatch(line);
  });
});

describe('what is just within the limits is taken:', () => {
  it.each<[string, unknown]>([
    ['61 texts of 255 characters', schema(many(61, (n) => text(`t${n}`, 255)))],
    ['90 texts of 20 characters', schema(many(90, (n) => text(`t${n}`, 20)))],
    ['180 long texts', schema(many(180, (n) => text(`t${n}`)))],
    ['a dimension of 700 characters', schema([text('d', 700)], { dimensions: ['d'] })],
    ['a name of 64 letters', schema([text('a'.repeat(64))])],
    ['fields named as members of every object', schema(['toString', 'constructor', 'hasOwnProperty', 'valueOf'].map((name) => text(name)))],
    ['a field named from, which is no dimension', schema([text('from'), text('order'), text('count')])],
  ])('%s', async (_, content) => {
    expect(await refusal({ 'a.avsc': content })).toBeUndefined();
  });
});
