import { gzipSync } from 'node:zlib';
import { benchRun } from './bench-run.ts';

type Body = {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
};

const MB = 1024 * 1024;
const MAX_BODY = 5 * MB;
const JSON_TYPE = { 'content-type': 'application/json' };
const LINES = { 'content-type': 'application/x-ndjson' };
const EVENT = { 'content-type': 'application/cloudevents+json' };
const GZIP = { ...JSON_TYPE, 'content-encoding': 'gzip' };

const keys = (count: number) => `{${Array.from({ length: count }, (_, n) => `"k${n}":1`).join()}}`;
const record = JSON.stringify(benchRun(1));
const text = (unit: string, bytes: number) => unit.repeat(Math.floor(bytes / Buffer.byteLength(unit)));
const many = (unit: string, separator: string) =>
  Array(Math.min(5_000, Math.floor((MAX_BODY - 2) / (unit.length + 1))))
    .fill(unit)
    .join(separator);

/** Bodies that cost a receiver most, as large as it takes them: refused ones, and ones that are right at its bounds. */
const bodies: readonly (readonly [string, Body['headers'], string | Uint8Array])[] = [
  ['a line of brackets', LINES, '['.repeat(MAX_BODY)],
  ['objects in objects', JSON_TYPE, text('{"a":', MAX_BODY)],
  ['unknown keys', JSON_TYPE, keys(400_000)],
  ['as many unknown keys as one record may have', JSON_TYPE, keys(10_000)],
  ['records of as many unknown keys', JSON_TYPE, `[${Array(40).fill(keys(10_000)).join()}]`],
  ['as many elements as one record may have', JSON_TYPE, `{"user_id":[${text('1,', 200_000)}1]}`],
  [
    'records of as many elements',
    LINES,
    Array(20)
      .fill(`{"user_id":[${text('1,', 200_000)}1]}`)
      .join('\n'),
  ],
  ['a text of escapes', JSON_TYPE, `{"user_id":"${text('\\"', 1.5 * MB - 100)}"}`],
  ['a text of two-byte letters', JSON_TYPE, `{"user_id":"${text('ж', 1.5 * MB - 100)}"}`],
  ['records with faults', JSON_TYPE, `[${many(keys(80), ',')}]`],
  ['records without fields', JSON_TYPE, `[${many('{}', ',')}]`],
  ['numbers in place of records', JSON_TYPE, `[${text('1,', MAX_BODY - 10)}1]`],
  ['empty lines', LINES, '\n'.repeat(MAX_BODY)],
  ['lines of space', LINES, text(`${' '.repeat(7)}\n`, MAX_BODY)],
  ['a deep event', EVENT, `{"specversion":"1.0","data":${text('[', MAX_BODY - 100)}`],
  ['a batch of 5,000', JSON_TYPE, `[${many(record, ',')}]`],
  ['5,000 lines', LINES, many(record, '\n')],
  ['a bomb of brackets', GZIP, gzipSync('['.repeat(MAX_BODY))],
  ['a bomb of zeros', GZIP, gzipSync(Buffer.alloc(100 * MB))],
];

export const worstBodies: readonly Body[] = bodies.map(([name, headers, bytes]) => ({
  name,
  headers,
  bytes: Buffer.from(bytes),
}));
