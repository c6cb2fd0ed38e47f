import { rowExampleOf } from '@millrace/core/openapi/example-of';
import { ownFields } from '@millrace/core/schema/input-schema';
import { metadataNames } from '@millrace/core/schema/metadata-fields';
import { routesOf } from '@millrace/core/schema/routes-of';
import type { Stream } from '@millrace/core/schema/stream';
import { tableOf } from '../storage/table/table-of.ts';
import { columnTables } from './column-tables.ts';
import { fieldTable, nestedFieldTables, typeName } from './field-tables.ts';
import { code, json, shell, table } from './markdown.ts';
import { bearer, HOST, writingSections } from './writing-sections.ts';

const DAY_MS = 86_400_000;

/** A stream's page in `docs/streams/`: everything that follows from its schema file. */
export function streamPage(stream: Stream): string {
  const row = rowExampleOf(stream);
  const indexed = { ...row, position: { index: 0, partition: 0, offset: 0, appended_at: '2026-03-14T07:32:10.512Z' } };
  return `${[
    `# ${stream.name}`,
    `${stream.doc} From [\`schemas/${stream.file}\`](../../schemas/${stream.file}) by \`npm run generate\`.`,
    facts(stream),
    '## Fields',
    fieldTable(ownFields(stream)),
    'Millrace adds:',
    metadataTable(stream),
    nestedFieldTables(stream),
    ...writingSections(stream),
    '## Read by time',
    shell(
      `curl${bearer(stream)} '${HOST}:8082${stream.path}?start_timestamp=2026-03-14T00:00:00Z&end_timestamp=2026-03-15T00:00:00Z'`,
    ),
    `Filter by ${filters(stream)}. \`GET ${stream.path}/<${stream.store === 'upsert' ? stream.key.name : 'event_id'}>\` answers one row.`,
    json([{ ...row, stored_at: '2026-03-14T07:32:10.630Z' }]),
    '## Read by number',
    shell(`curl${bearer(stream)} '${HOST}:8083/${stream.name}?index=0'`),
    json(indexed),
    '## Statistics',
    shell(`curl${bearer(stream)} '${HOST}:8083/stats'`),
    statistics(stream),
    '## Table',
    columnTables(tableOf(stream)),
    '## For programs',
    `[OpenAPI](../openapi.json) and [AsyncAPI](../asyncapi.json) describe it beside the others; [TypeScript types](../../schemas/generated/${typesPath(stream)}) of its records are at hand.`,
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}

/** Where a stream's TypeScript types lie, below `schemas/generated`. */
export const typesPath = ({ file }: Stream): string => file.replace(/\.avsc$/, '.ts');

const metadataTable = ({ fields }: Stream) =>
  table(
    ['field', 'type', 'meaning'],
    fields
      .filter(({ name }) => metadataNames.has(name))
      .map(({ name, type, doc }) => [code(name), typeName(type), doc ?? '']),
  );

function statistics({ name, measures, countAs }: Stream): string {
  const parts = ['count', 'first', 'last', ...measures.map((measure) => measure.name)].map(code).join(', ');
  const count = countAs === undefined ? '' : `; ${code(countAs)} at the top is its count`;
  const each = measures.length > 0 ? ' A measure has its `sum`, `min`, `max` and `mean`.' : '';
  return `${code(`streams.${name}`)} in the answer has ${parts}${count}.${each}`;
}

const facts = (stream: Stream) =>
  table(
    ['', ''],
    [
      ['route', routesOf(stream).map(code).join(', ')],
      [
        'topic',
        `${code(stream.topic)}, ${stream.partitions} partitions, kept ${stream.retentionMs === undefined ? 'forever' : `${stream.retentionMs / DAY_MS} days`}`,
      ],
      ['subject', code(stream.subject)],
      ['record', code(stream.recordName)],
      ['key', `${code(stream.key.name)}: what orders records`],
      ['event time', code(stream.time.name)],
      [
        'rows',
        (stream.store === 'append'
          ? 'each event is a row'
          : `the newest record of each ${code(stream.key.name)} is a row`) + rowsKept(stream),
      ],
      ['access', stream.access],
    ],
  );

const rowsKept = ({ rowRetentionMs, time }: Stream) =>
  rowRetentionMs === undefined ? '' : `, removed ${rowRetentionMs / DAY_MS} days after its ${code(time.name)}`;

function filters(stream: Stream): string {
  const names = [...new Set([stream.key, ...stream.dimensions].map(({ name }) => name))];
  return names.map((name) => code(`${name}=`)).join(', ');
}
