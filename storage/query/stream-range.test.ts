import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { createApp } from '@millrace/core/http/create-app';
import { createMetrics } from '@millrace/core/metrics/create-metrics';
import { createHealth } from '@millrace/core/service/health';
import { anybody, serveForTest, silentLog } from '@millrace/testing/serve-for-test';
import { describe, expect, it } from 'vitest';
import type { RangeQuery } from './range-query.ts';
import type { Rows } from './read-rows.ts';
import { type Format, streamRange } from './stream-range.ts';

const query: RangeQuery = {
  ...{ from: undefined, to: undefined, filters: new Map(), limit: 100, order: 'asc', after: undefined },
  csvFor: 'data',
  cursorAt: () => '',
};
/** Pages of a thousand large rows each; `asked` counts those that were read. */
function manyPages(count: number) {
  const pages = { asked: 0 };
  const rows: Rows = {
    columns: ['n', 'text'],
    async page() {
      pages.asked += 1;
      const page = Array.from({ length: 1_000 }, (_, n) => ({ n: pages.asked * 1_000 + n, text: 'x'.repeat(1_000) }));
      return { rows: page, next: pages.asked < count ? { time: '', key: '' } : undefined };
    },
    find: async () => undefined,
  };
  return { pages, rows };
}

async function open(rows: Rows, format: Format): Promise<IncomingMessage> {
  const app = createApp({
    ...{
      name: 'test',
      log: silentLog,
      metrics: createMetrics('test'),
      ready: createHealth().report,
      openapi: () => ({}),
      authorize: anybody,
    },
    routes: [
      {
        method: 'get',
        path: '/rows',
        access: 'public',
        handler: (_req, res) => streamRange(rows, query, format, res),
      },
    ],
  });
  const [response] = await once(get(`${await serveForTest(app)}/rows`), 'response');
  return response;
}

describe('a whole range', () => {
  it('is read from the database no faster than its client takes it, so memory stays flat', async () => {
    const { pages, rows } = manyPages(1_000);

    const response = await open(rows, 'text/csv');
    response.pause();
    for (let before = -1; before !== pages.asked; ) {
      before = pages.asked;
      for (let turns = 0; turns < 1_000; turns += 1) await turn();
    }

    expect(pages.asked).toBeLessThan(50);
    response.destroy();
  });

  it('comes to its end, line by line', async () => {
    const { rows } = manyPages(3);
    const response = await open(rows, 'application/x-ndjson');

    let text = '';
    for await (const chunk of response) text += String(chunk);

    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(3_000);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ n: 1_000 });
  });
});
