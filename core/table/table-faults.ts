import { type Field, recordsIn } from '../schema/avro-type.ts';
import type { Stream } from '../schema/stream.ts';
import { byteSize } from './byte-size.ts';
import { sqlTypeText } from './sql-type.ts';
import {
  type ChildLayout,
  type ColumnLayout,
  elementOf,
  type Index,
  type TableLayout,
  tableLayoutOf,
} from './table-layout.ts';

/** Limits that MySQL 8 and MariaDB 11 share, the lower where they differ. */
const LONGEST_NAME = 64;
const LARGEST_ROW = 65_535;
/** Of a row in InnoDB's page of 16 KB, and what it takes of that for itself. */
const LARGEST_PAGE_ROW = 8_126;
const OWN_BYTES = 18;
const MOST_COLUMNS = 1_017;
const MOST_INDEXES = 64;
const MOST_KEY_PARTS = 16;
const LARGEST_INDEX = 3_072;
/** A null flag and two bytes of length. */
const PART_BYTES = 3;

const TABLE_NAME = /^[a-z][a-z0-9_]*$/;

/** What the database of rows would refuse of a stream's tables, each with its field. */
export function tableFaults(stream: Stream): string[] {
  const layout = tableLayoutOf(stream);
  const { columns, ownColumns, indexes, children } = layout;
  return [
    ...(layout.name.length > LONGEST_NAME
      ? [`the stream's name has ${layout.name.length} characters, and a table's name at most ${LONGEST_NAME}`]
      : []),
    ...columnFaults(columns, ''),
    ...keyFaults(layout),
    ...indexes.flatMap((index) => indexFaults(index, columns)),
    ...(indexes.length >= MOST_INDEXES
      ? [`${indexes.length + 1} indexes, one for each dimension and more: a table has at most ${MOST_INDEXES}`]
      : []),
    ...rowFaults([...columns, ...ownColumns], 'the record'),
    ...childFaults(children),
  ];
}

function columnFaults(columns: readonly ColumnLayout[], at: string): string[] {
  return columns
    .filter(({ name }) => name.length > LONGEST_NAME)
    .map(
      ({ name }) =>
        `field "${at}${name}" has a name of ${name.length} characters, and a column's has at most ${LONGEST_NAME}`,
    );
}

function keyFaults({ columns, primaryKey }: TableLayout): string[] {
  const key = columns.find(({ name }) => name === primaryKey[0]);
  return key?.nullable ? [`field "${key.name}" is the key of the rows, so it may not be null`] : [];
}

function indexFaults({ name, columns: names }: Index, columns: readonly ColumnLayout[]): string[] {
  const parts = names.flatMap((each) => columns.find((column) => column.name === each) ?? []);
  const [lead] = parts;
  if (!lead) return [];
  const outside = parts.filter(({ type }) => byteSize(type).outside);
  const bytes = parts.reduce((sum, { type }) => sum + byteSize(type).content + PART_BYTES, 0);
  const room = LARGEST_INDEX - (bytes - byteSize(lead.type).content);
  return [
    ...(name.length > LONGEST_NAME
      ? [
          `field "${lead.name}" is indexed, so its name may have ${LONGEST_NAME - 'by_'.length} characters, not ${lead.name.length}`,
        ]
      : []),
    ...outside.map((column) => notIndexable(column)),
    ...(outside.length === 0 && bytes > LARGEST_INDEX
      ? [
          `field "${lead.name}" is indexed with ${names.slice(1).join(' and ') || 'nothing else'}: ${bytes} bytes, and an index has at most ${LARGEST_INDEX}; ${advice(room)}`,
        ]
      : []),
  ];
}

function notIndexable({ name, type }: ColumnLayout): string {
  const why = `field "${name}" is a key or a dimension, and so is indexed`;
  return type.name === 'text' || type.name === 'mediumtext'
    ? `${why}: a "maxLength" of at most 700 makes that possible`
    : `${why}, which its type can't be: it is kept as ${sqlTypeText(type)}`;
}

const advice = (room: number) =>
  room >= 4
    ? `a "maxLength" of at most ${Math.floor(room / 4)} makes it fit`
    : 'a key with a smaller "maxLength" makes room';

function rowFaults(columns: readonly ColumnLayout[], what: string): string[] {
  const inRow = columns.reduce((sum, { type }) => sum + byteSize(type).inRow, Math.ceil(columns.length / 8));
  const inPage = columns.reduce((sum, { type }) => sum + pageBytes(type), OWN_BYTES + Math.ceil(columns.length / 8));
  if (columns.length > MOST_COLUMNS)
    return [`${what} has ${columns.length} columns with Millrace's own, and a table at most ${MOST_COLUMNS}`];
  if (inRow > LARGEST_ROW)
    return [
      `${what} may have ${inRow} bytes, and a row at most ${LARGEST_ROW}: ${largest(columns)} takes most of them; a text with a "maxLength" of more than 500, or with none, is kept outside of the row`,
    ];
  if (inPage > LARGEST_PAGE_ROW)
    return [
      `${what} has too many fields: a row of it may take ${inPage} bytes of a page, which has ${LARGEST_PAGE_ROW}; put some of them into a nested record`,
    ];
  return [];
}

/** MySQL keeps 40 bytes of what is long in the page; MariaDB keeps whole what has at most 255 bytes. */
function pageBytes(type: ColumnLayout['type']): number {
  const { content, varies } = byteSize(type);
  if (!varies) return content;
  return content > 255 ? 42 : content + 1;
}

function largest(columns: readonly ColumnLayout[]): string {
  const [first] = [...columns].sort((one, other) => byteSize(other.type).inRow - byteSize(one.type).inRow);
  return first ? `field "${first.name}"` : 'no field';
}

function childFaults(children: readonly ChildLayout[]): string[] {
  return children.flatMap(({ name, path, keyColumns, columns, children: inner }) => {
    const taken = columns.find((column) =>
      keyColumns.some((key) => key.name.toLowerCase() === column.name.toLowerCase()),
    );
    const keyBytes = keyColumns.reduce((sum, { type }) => sum + byteSize(type).content + PART_BYTES, 0);
    const longest = LONGEST_NAME - '_position'.length;
    return [
      ...(TABLE_NAME.test(name)
        ? []
        : [`field "${path}": its "table" must be a lower-case name of letters, digits and _`]),
      ...(name.length > longest
        ? [`field "${path}": its "table" has a name of ${name.length} characters, and may have ${longest}`]
        : []),
      ...(taken
        ? [`field "${path}[].${taken.name}" has the name of a column that Millrace adds to its table; give it another`]
        : []),
      ...(keyColumns.length > MOST_KEY_PARTS
        ? [`field "${path}" is the table of a table, ${keyColumns.length - 1} deep, and may be ${MOST_KEY_PARTS - 1}`]
        : []),
      ...(keyBytes > LARGEST_INDEX
        ? [`field "${path}": the key of its table has ${keyBytes} bytes, and may have ${LARGEST_INDEX}`]
        : []),
      ...columnFaults(columns, `${path}[].`),
      ...rowFaults([...keyColumns, ...columns], `an element of "${path}"`),
      ...childFaults(inner),
    ];
  });
}

/** A `table` on a field within a JSON column, which gets no table. */
export function tablePlaceFaults(fields: readonly Field[], isTable = true, at = ''): string[] {
  return fields.flatMap((field) => {
    const path = `${at}${field.name}`;
    const misplaced = field.table !== undefined && !isTable;
    return [
      ...(misplaced ? [`field "${path}": "table" does nothing within a record that is kept as JSON`] : []),
      ...recordsIn(field.type).flatMap((record) =>
        tablePlaceFaults(record.fields, isTable && elementOf(field) === record, `${path}.`),
      ),
    ];
  });
}
