import type { Field } from '@millrace/core/schema/avro-type';
import { type AvscType, avscType, compileDecoder } from '@millrace/core/schema/avsc-type';
import { parseAvroRecord } from '@millrace/core/schema/parse-avro';
import { SchemaFault } from '@millrace/core/schema/schema-fault';
import type { AvroRecordJson } from '@millrace/core/schema/stream';
import { UNUSABLE, type WriterSchemas } from '../store/writer-schemas.ts';
import { differenceOf } from './difference.ts';
import { fieldSource } from './field-source.ts';

export type WriterType = (schemaId: number) => Promise<AvscType | undefined>;

/**
 * Why a table made for the schema `before` can't be altered to one made for `after`: that altering it gives, byte by byte,
 * what reading the topic again would, is asked for each schema that its records were written under. Undefined when it can.
 */
export async function tableIncompatibility(
  before: AvroRecordJson,
  after: AvroRecordJson,
  writers: WriterSchemas,
  writerType: WriterType,
): Promise<string | undefined> {
  try {
    return await firstDifference(before, after, writers, writerType);
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error;
    return `a schema can't be compared: ${error.message}`;
  }
}

/** Throws a `SchemaFault` for a schema that Millrace takes no more, or never took: any client may register one. */
async function firstDifference(
  before: AvroRecordJson,
  after: AvroRecordJson,
  writers: WriterSchemas,
  writerType: WriterType,
): Promise<string | undefined> {
  const [was, is] = [parseAvroRecord(before), parseAvroRecord(after)];
  const loosened = writers.has(UNUSABLE) ? loosenedField(was.fields, is.fields) : undefined;
  if (loosened) return `records were left out, and under the new type of ${loosened} some might be used`;
  const readers = [avscType(before), avscType(after)] as const;
  for (const id of writers) {
    if (id === UNUSABLE) continue;
    const written = await writerType(id);
    const [readBefore, readNow] = readers.map((reader) => written !== undefined && reads(reader, written));
    if (readBefore !== readNow) return `only ${readNow ? 'now' : 'until now'} can schema id ${id} be read`;
    if (!written || !readNow) continue;
    const found = differenceOf(parsed(written), was, is);
    if (found) return `of records written under schema id ${id}, ${found}`;
  }
  return undefined;
}

/** Types that not every value is valid for: a uuid, a time, a double that is NaN. */
const MAY_BE_INVALID = /"logical"|"kind":"(float|double|long)"/;

/** A field that may have made records invalid, and that was changed or removed. */
function loosenedField(before: readonly Field[], after: readonly Field[]): string | undefined {
  return before.find((field) => {
    const now = after.find((each) => fieldSource(each, [field]));
    const type = JSON.stringify(field.type);
    return MAY_BE_INVALID.test(type) && JSON.stringify(now?.type) !== type;
  })?.name;
}

function reads(reader: AvscType, writer: AvscType): boolean {
  try {
    compileDecoder(reader, writer);
    return true;
  } catch {
    return false;
  }
}

const parsed = (type: AvscType) => parseAvroRecord(JSON.parse(JSON.stringify(type.schema())));
