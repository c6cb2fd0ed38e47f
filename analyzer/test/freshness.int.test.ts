import { waitUntil } from '@millrace/testing/wait-until';
import { expect, it } from 'vitest';
import { ask, untilCounted } from './ask.ts';
import { openTransaction } from './open-transaction.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { type OwnStream, ownStream, run } from './own-stream.ts';

const records = ({ encode }: OwnStream, count: number) =>
  Array.from({ length: count }, (_, i) => ({ partition: 0, key: null, value: encode(run(i)) }));

async function readiness(url: string) {
  const { status, body } = await ask(url, '/readyz');
  return { status, text: JSON.stringify(body) };
}

it('is not ready while it catches up, and says how far it is and how long it will take', async () => {
  const own = await ownStream(1);
  await own.produce(records(own, 10));
  const first = await openTransaction(own, records(own, 10));
  const second = await openTransaction(own, records(own, 5));
  const { url, lines } = await (await ownAnalyzer(own)).start();
  await untilCounted(url, own.stream.name, 10);

  const atFirst = await readiness(url);
  await first.commit();
  const later = await waitUntil(
    () => readiness(url),
    ({ text }) => text.includes('left'),
  );
  const said = await waitUntil(
    async () => lines.map(({ msg }) => String(msg)),
    (all) => all.some((msg) => msg.startsWith('catching up: ')),
  );
  await second.commit();
  const atLast = await waitUntil(
    () => readiness(url),
    ({ status }) => status === 200,
  );

  expect(atFirst.status).toBe(503);
  expect(atFirst.text).toMatch(/catching up: 10 of 25 offsets \(40 %\)/);
  expect(later.text).toMatch(/catching up: \d+ of 25 offsets \(\d+ %\), about \d+ s left/);
  expect(said).toContainEqual(expect.stringMatching(/^catching up: \d+ of \d+ offsets/));
  expect(atLast.text).toContain('caught up');
});

it('refuses to answer from further behind than max_lag, on lookups and on statistics', async () => {
  const own = await ownStream(1);
  const { name } = own.stream;
  const { url } = await (await ownAnalyzer(own)).start();
  await own.produce(records(own, 2));
  await untilCounted(url, name, 2);
  const paths = [`/${name}?index=0`, `/${name}?from_index=0`, '/stats?', `/stats?stream=${name}`];
  const statuses = (maxLag: number) =>
    Promise.all(paths.map(async (path) => (await ask(url, `${path}&max_lag=${maxLag}`.replace('?&', '?'))).status));

  const before = await statuses(0);
  const open = await openTransaction(own, records(own, 3));
  const { status, body, headers } = await ask(url, `/${name}?index=0&max_lag=2`);
  const behind = await statuses(2);
  const near = await statuses(3);
  await open.commit();
  await untilCounted(url, name, 5);
  const after = await waitUntil(
    () => statuses(0),
    (all) => all.every((each) => each === 200),
  );

  expect(before).toEqual([200, 200, 200, 200]);
  expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  expect(body).toMatchObject({ code: 'not-ready', detail: '3 records are not counted yet, and max_lag is 2.' });
  expect(behind).toEqual([503, 503, 503, 503]);
  expect(near).toEqual([200, 200, 200, 200]);
  expect(after).toEqual([200, 200, 200, 200]);
});
