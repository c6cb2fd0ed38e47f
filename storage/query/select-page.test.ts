import { parseStream } from '@millrace/core/schema/parse-stream';
import { parseBound } from '@millrace/core/schema/rfc3339';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../table/table-of.ts';
import { compileSelectPage } from './select-page.ts';

const streamOf = (logicalType: string) =>
  parseStream(
    'fine.avsc',
    JSON.stringify({
      ...{ type: 'record', name: 'Fine', namespace: 'test', stream: { time: 'at' } },
      fields: [{ name: 'at', type: { type: 'long', logicalType } }],
    }),
  );
const page = { from: undefined, to: undefined, filters: new Map(), order: 'asc', after: undefined, limit: 3 } as const;

function whereOf(logicalType: string, from: string, to: string): string | undefined {
  const stream = streamOf(logicalType);
  const select = compileSelectPage(stream, tableOf(stream));
  return /WHERE (.*) ORDER/.exec(select({ ...page, from: parseBound(from), to: parseBound(to) }))?.[1];
}

describe('the statement for a page', () => {
  it('has bounds to the microsecond, rounded up for a field of milliseconds', () => {
    const [from, to] = ['2026-03-14T10:00:00.000500Z', '2026-03-14T10:00:00.000900Z'];

    expect(whereOf('timestamp-micros', from, to)).toBe(
      "`at` >= '2026-03-14 10:00:00.000500' AND `at` < '2026-03-14 10:00:00.000900'",
    );
    expect(whereOf('timestamp-millis', from, to)).toBe(
      "`at` >= '2026-03-14 10:00:00.001' AND `at` < '2026-03-14 10:00:00.001'",
    );
    expect(whereOf('timestamp-micros', '1828-01-01T00:00:00.000001Z', '1969-12-31T23:59:59.999999Z')).toBe(
      "`at` >= '1828-01-01 00:00:00.000001' AND `at` < '1969-12-31 23:59:59.999999'",
    );
    expect(whereOf('timestamp-millis', '9999-12-31T23:59:59.9999Z', '9999-12-31T23:59:59.9999Z')).toBe(
      'FALSE AND TRUE',
    );
  });

  it('starts after a position, and refuses one that no row has', () => {
    const stream = streamOf('timestamp-millis');
    const select = compileSelectPage(stream, tableOf(stream));
    const key = 'd290f1ee-6c54-4b01-90e6-d701748f0851';

    expect(select({ ...page, order: 'desc', after: { time: '2026-03-14 10:00:00.000', key } })).toContain(
      `\`at\` <= '2026-03-14 10:00:00.000' AND (\`at\` < '2026-03-14 10:00:00.000' OR \`event_id\` < '${key}') ORDER BY \`at\` DESC`,
    );
    expect(() => select({ ...page, after: { time: 'x', key } })).toThrow('no row of fine');
  });
});
