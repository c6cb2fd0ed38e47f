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
for (const name of ['streams', 'as_of', 'last_updated', 'lag', 'lag_unknown'])
  refuse(`a count ${name}`, schema([], { count_as: name }), /"count_as": GET \/stats has a/);
for (const name of ['stats', 'millrace-numbering', 'dead-letters', 'v1'])
  refuse(`a stream ${name}`, schema([], { name }), new RegExp(`"${name}" is a reserved name`));
refuse('a stream x.dead-letter', schema([], { name: 'x.dead-letter' }), /"stream.name" must be lower-case words/);
for (const path of ['/stats/live', '/export/x.csv', '/docs/a', '/stats', '/dead-letters/redrive'])
  refuse(`the route ${path}`, schema([], { path }), /is a reserved route/);
refuse('the route of its own index', schema([], { path: '/a' }), /the route \/a is that of its own index/);
for (const alias of ['/stats', '/v1', '/export/a', '/docs/a', '/dead-letters', '/dead-letters/x', '/token', '/sync/all', '/healthz/a', '/live'])
  refuse(`the alias ${alias}`, schema([], { path_aliases: [alias] }), new RegExp(`"${alias}" is a reserved route`));
refuse('an alias that is its path', schema([], { path: '/p', path_aliases: ['/p'] }), /"path_aliases" names the route \/p twice/);
refuse('an alias named twice', schema([], { path_aliases: ['/p', '/p'] }), /"path_aliases" names the route \/p twice/);
refuse('an alias that is one row of its path', schema([], { path: '/p', path_aliases: ['/p/q'] }), /the route \/p\/q is one row of \/p, which a\.avsc has/);
refuse('an alias that is one row of its index', schema([], { path_aliases: ['/a', '/a/b'] }), /the route \/a\/b is one row of \/a/);
for (const alias of ['p', '/P', '/p/', '/p q', '/p/:key', '/p/{key}', '//p', '/..', '/%70', '/p?q', ''])
  refuse(`the alias "${alias}"`, schema([], { path_aliases: [alias] }), /"stream\.path_aliases\.0" must look like/);
refuse('an alias that is no list', schema([], { path_aliases: '/p' }), /"stream\.path_aliases"/);
refuse('a post that is no boolean', schema([], { post: 'no' }), /"stream\.post"/);
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

// Constraints that could not be kept.
const decimal = { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 };
const nested = (depth: number): unknown => depth === 0 ? 'int' : { type: 'record', name: `R${depth}`, fields: [{ name: 'n', type: nested(depth - 1) }] };
refuse('maxLength on an array', field({ type: 'array', items: 'string' }, { maxLength: 3 }), /field "it": "maxLength" does nothing on this type; it is for texts/);
refuse('maxLength on a map', field({ type: 'map', values: 'string' }, { maxLength: 3 }), /field "it": "maxLength" does nothing/);
refuse('maxLength on bytes', field('bytes', { maxLength: 3 }), /field "it": "maxLength" does nothing/);
refuse('maxLength within a type', field({ type: 'string', maxLength: 3 }), /field "it": "maxLength" does nothing within a type/);
refuse('maxLength of items', field({ type: 'array', items: { type: 'string', maxLength: 3 } }), /field "it"\[\]: "maxLength" does nothing within a type/);
refuse('minimum on a time', field(TIME, { minimum: 0 }), /field "it": "minimum" does nothing on this type; it is for numbers/);
refuse('maximum on a text', field('string', { maximum: 3 }), /field "it": "maximum" does nothing/);
refuse('pattern on a uuid', field({ type: 'string', logicalType: 'uuid' }, { pattern: '^a' }), /field "it": "pattern" does nothing/);
refuse('pattern on an enum', field({ type: 'enum', name: 'E', symbols: ['A'] }, { pattern: '^a' }), /field "it": "pattern" does nothing/);
refuse('minimum above maximum', field('int', { minimum: 3, maximum: 2 }), /field "it": "minimum" 3 is more than "maximum" 2/);
refuse('minimum above all ints', field('int', { minimum: 2 ** 31 }), /field "it": no value of its type lies between/);
refuse('no whole number between', field('long', { minimum: 1.2, maximum: 1.8 }), /field "it": no value of its type/);
refuse('no decimal between', field(decimal, { minimum: 100 }), /field "it": no value of its type/);
refuse('minLength above maxLength', field('string', { minLength: 3, maxLength: 2 }), /field "it": "minLength" 3 is more than "maxLength" 2/);
refuse('half a character', field('string', { maxLength: 2.5 }), /field "it": "maxLength" must be a number of characters/);
refuse('a negative length', field('string', { minLength: -1 }), /field "it": "minLength" must be a number of characters/);
refuse('a minimum in quotes', field('int', { minimum: '3' }), /field "it": "minimum" must be a number/);
refuse('a unit that is a number', field('int', { unit: 3 }), /field "it": "unit" must be a string/);
refuse('examples that are no list', field('int', { examples: 3 }), /field "it": "examples" must be a list/);
refuse('an example of another type', field('int', { examples: [1, 'x'] }), /field "it": the example "x" must be integer/);
refuse('an example off its limits', field(TIME, { examples: [5] }), /field "it": the example 5 must be a text, an RFC 3339/);
refuse('a nested example', field({ type: 'record', name: 'N', fields: [{ name: 'n', type: 'int', examples: [1.5] }] }), /field "it\.n": the example 1\.5 must be integer/);
refuse('a pattern that does not compile', field('string', { pattern: '[' }), /field "it": "pattern" can't be used/);
refuse('a pattern with groups and no length', field('string', { pattern: '^(a+)+$' }), /field "it": a "pattern" with groups.*"maxLength" of at most 4096/);
refuse('a pattern that looks ahead', field('string', { pattern: '(?=a)(b)', maxLength: 10 }), /field "it": "pattern" can't be used/);
refuse('a table of texts', field({ type: 'array', items: 'string' }, { table: 'x' }), /field "it": "table" does nothing on this type; it is for arrays of records/);
refuse('a table of records that may be null', field({ type: 'array', items: ['null', { type: 'record', name: 'N', fields: [text('n')] }] }, { table: 'x' }), /field "it": "table" does nothing/);
refuse('a table within a record kept as JSON', field({ type: 'record', name: 'N', fields: [{ name: 'n', table: 'x', type: array([text('a')]) }] }), /field "it\.n": "table" does nothing within a record that is kept as JSON/);
refuse('a dimension named twice', schema([text('d')], { dimensions: ['d', 'd'] }), /"dimensions" names the field "d" twice/);

// What is generated.
const UUID = { type: 'string', logicalType: 'uuid' };
refuse('what nobody generates', field('string', { generate: 'serial' }), /field "it": "generate" must be "uuid" or "now"/);
refuse('a generate that is true', field(UUID, { generate: true }), /field "it": "generate" must be "uuid" or "now"/);
for (const type of ['int', 'bytes', { type: 'enum', name: 'E', symbols: ['A'] }, { type: 'array', items: 'string' }, { type: 'map', values: 'string' }, TIME, ['null', 'string', 'int']])
  refuse(`a uuid generated as ${JSON.stringify(type)}`, field(type, { generate: 'uuid' }), /field "it": "generate": "uuid" is for strings and uuids only/);
for (const type of ['long', 'string', UUID, { type: 'long', logicalType: 'timestamp-micros' }, { type: 'int', logicalType: 'date' }, { type: 'int', logicalType: 'time-millis' }, ['null', TIME, 'boolean']])
  refuse(`the time generated as ${JSON.stringify(type)}`, field(type, { generate: 'now' }), /field "it": "generate": "now" is for timestamp-millis only/);
refuse('a uuid too long for its field', field('string', { generate: 'uuid', maxLength: 35 }), /field "it": its length or "pattern" refuses the uuid/);
refuse('a uuid too short for its field', field('string', { generate: 'uuid', minLength: 37 }), /field "it": its length or "pattern" refuses the uuid/);
refuse('a uuid that its pattern refuses', field('string', { generate: 'uuid', pattern: '^[0-9]+$' }), /field "it": its length or "pattern" refuses the uuid/);
refuse('a generate within a type', field({ ...UUID, generate: 'uuid' }), /field "it": "generate" does nothing within a type/);
refuse('a generate within a record', field({ type: 'record', name: 'N', fields: [{ name: 'n', type: UUID, generate: 'uuid' }] }), /field "it"\.n: "generate" does nothing within a record/);
refuse('a generate within a table', field(array([{ name: 'n', type: TIME, generate: 'now' }]), { table: 'parts' }), /field "it"\[\]\.n: "generate" does nothing within a record/);

// Odd Avro.
refuse('nested records, 31 deep', field(nested(31)), /lies more than 30 arrays, maps and records deep/);
refuse('3,000 nested records', field(JSON.parse(`${'{"type":"array","items":'.repeat(3_000)}"int"${'}'.repeat(3_000)}`)), /lies more than 30/);
refuse('types within types', field(JSON.parse(`${'{"type":'.repeat(2_000)}"int"${'}'.repeat(2_000)}`)), /field "it": a "type" within a type must be a name/);
refuse('unions within unions', field(JSON.parse(`${'['.repeat(2_000)}"int"${']'.repeat(2_000)}`)), /a union may not hold a union/);
refuse('records that are written out without end', schema(many(20, (n) => ({ name: `l${n}`, type: { type: 'record', name: `L${n}`, fields: [{ name: 'x', type: n === 0 ? 'int' : `L${n - 1}` }, { name: 'y', type: n === 0 ? 'int' : `L${n - 1}` }] } }))), /more than 10000 fields/);
refuse('a type that holds itself', schema([{ name: 'next', type: ['null', 'Thing'], default: null }]), /field "next": type "Thing" contains itself/);
refuse('a type used before it is defined', schema([{ name: 'one', type: 'E' }, { name: 'two', type: { type: 'enum', name: 'E', symbols: ['A'] } }]), /field "one": unknown type "E"; a type is defined before/);
refuse('a symbol that every object has', field({ type: 'enum', name: 'E', symbols: ['A', 'constructor'] }), /field "it": the symbol "constructor" can't be used/);
refuse('a symbol twice', field({ type: 'enum', name: 'E', symbols: ['A', 'A'] }), /field "it": a symbol stands twice/);
refuse('a default that is no symbol', field({ type: 'enum', name: 'E', symbols: ['A'], default: 'B' }), /field "it": the enum's default "B" is not one of its symbols/);
refuse('a decimal without precision', field({ type: 'bytes', logicalType: 'decimal' }), /field "it": a decimal needs a "precision"/);
refuse('a decimal of half a digit', field({ type: 'bytes', logicalType: 'decimal', precision: 4, scale: 1.5 }), /field "it": a decimal needs/);
refuse('a decimal too large for its bytes', field({ type: 'fixed', name: 'F', size: 2, logicalType: 'decimal', precision: 5 }), /field "it": a decimal of 5 digits does not fit into a fixed of 2 bytes/);
refuse('a date on a text', field({ type: 'string', logicalType: 'date' }), /field "it": logical type "date" does not fit "string"/);
refuse('a fixed without end', field({ type: 'fixed', name: 'F', size: 1e12 }), /field "it": a fixed needs a "size"/);
refuse('a default of another type', field('int', { default: 'x' }), /field "it": the default "x" must be a whole number/);
refuse('a field __proto__', '{"type":"record","name":"T","fields":[{"name":"__proto__","type":"int"}]}', /every field needs a "name"/);

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
    ['an alias that is a path', { 'a.avsc': schema([], { path: '/p' }), 'b.avsc': schema([], { path_aliases: ['/p'] }) }, /b\.avsc: the route \/p is already taken by a\.avsc/],
    ['one alias', { 'a.avsc': schema([], { path_aliases: ['/p'] }), 'b.avsc': schema([], { path_aliases: ['/p'] }) }, /b\.avsc: the route \/p is already taken by a\.avsc/],
    ['an alias that is another’s index', { 'a.avsc': schema([], { path_aliases: ['/b'] }), 'b.avsc': schema([]) }, /b\.avsc: the route \/b is already taken by a\.avsc/],
    ['an alias below a path', { 'a.avsc': schema([], { path: '/p' }), 'b.avsc': schema([], { path_aliases: ['/p/q'] }) }, /b\.avsc: the route \/p\/q is one row of \/p, which a\.avsc has/],
    ['a path below an alias', { 'a.avsc': schema([], { path_aliases: ['/p'] }), 'b.avsc': schema([], { path: '/p/q' }) }, /b\.avsc: the route \/p\/q is one row of \/p, which a\.avsc has/],
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
    ['enums of one name in two namespaces', schema([{ name: 'one', type: { type: 'enum', name: 'com.foo.Status', symbols: ['A'] } }, { name: 'two', type: { type: 'enum', name: 'Status', namespace: 'com.bar', symbols: ['B'] } }])],
    ['a type named by its full name', schema([{ name: 'one', type: { type: 'enum', name: 'com.foo.E', symbols: ['A'] } }, { name: 'two', type: ['null', 'com.foo.E'], default: null }])],
    ['a type of the namespace of its record', schema([{ name: 'one', type: { type: 'record', name: 'com.foo.R', fields: [{ name: 'e', type: { type: 'enum', name: 'E', symbols: ['A'] } }, { name: 'f', type: 'E' }] } }], {}, { namespace: 'com.bar' })],
    ['logical types that nobody knows', schema(['local-timestamp-millis', 'constructor', 'toString', '__proto__', 'duration'].map((logicalType, n) => ({ name: `f${n}`, type: { type: 'long', logicalType } })))],
    ['a uuid on a fixed, which is then bytes', field({ type: 'fixed', name: 'F', size: 16, logicalType: 'uuid' })],
    ['doc, order, aliases and attributes of others everywhere', schema([{ name: 'it', doc: 'x', order: 'ignore', aliases: ['that'], 'x-mine': { a: 1 }, type: { type: 'enum', name: 'E', doc: 'x', aliases: ['D'], symbols: ['A'], default: 'A', 'x-mine': 1 } }], {}, { aliases: ['Old'], 'x-mine': [1] })],
    ['a named primitive with a logical type', field({ type: 'long', logicalType: 'timestamp-micros' })],
    ['30 nested arrays', field(JSON.parse(`${'{"type":"array","items":'.repeat(29)}"int"${'}'.repeat(29)}`))],
    ['a pattern with groups and a length', field('string', { pattern: '^(red|green)$', maxLength: 20, examples: ['red'] })],
    ['limits of decimals', field(decimal, { minimum: 0.07, maximum: 0.07 })],
    ['an alias that is its own index', schema([], { path: '/v1/a', path_aliases: ['/a'] })],
    ['several aliases', schema([], { path_aliases: ['/b', '/c/d', '/streams/other'] })],
    ['uuids and times that are generated', schema([{ name: 'a', type: UUID, generate: 'uuid' }, { name: 'b', type: ['null', UUID], default: null, generate: 'uuid' }, { name: 'c', type: 'string', minLength: 36, maxLength: 36, pattern: '^[0-9a-f-]*$', examples: ['d290f1ee-6c54-4b01-90e6-d701748f0851'], generate: 'uuid' }, { name: 'd', type: ['null', TIME], generate: 'now' }, { name: 'e', type: TIME, default: 0, generate: 'now' }])],
    ['a field named from, which is no dimension', schema([text('from'), text('order'), text('count')])],
  ])('%s', async (_, content) => {
    expect(await refusal({ 'a.avsc': content })).toBeUndefined();
  });
});
