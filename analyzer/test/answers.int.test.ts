import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ask, untilCounted } from './ask.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { type OwnStream, ownStream, run } from './own-stream.ts';

const ID = '22222222-2222-4222-8222-222222222222';
const event = z.looseObject({ position: z.object({ index: z.number(), appended_at: z.string() }) });

async function filled(partitions: number, count: number): Promise<{ own: OwnStream; url: string; name: string }> {
  const own = await ownStream(partitions);
  const { url } = await (await ownAnalyzer(own)).start();
  const { name } = own.stream;
  for (let i = 0; i < count; i += 1)
    await own.produce([
      { partition: i % partitions, key: null, value: own.encode(run(i, i === 3 ? { event_id: ID } : {})) },
    ]);
  await untilCounted(url, name, count);
  return { own, url, name };
}

describe('the analyzer answers', () => {
  it('an event by its id and by the time it was appended at, and says how fresh that is', async () => {
    const { url, name } = await filled(3, 6);
    const fourth = await ask(url, `/${name}?index=3`);
    const { position } = event.parse(fourth.body);

    const byId = await ask(url, `/${name}?event_id=${ID}`);
    const byTime = await ask(url, `/${name}?at=${position.appended_at}`);
    const later = await ask(url, `/${name}?at=2100-01-01T00:00:00Z`);
    const unknown = await ask(url, `/${name}?event_id=33333333-3333-4333-8333-333333333333`);

    expect(byId.body).toEqual(fourth.body);
    expect(event.parse(byTime.body).position.appended_at).toBe(position.appended_at);
    expect([later.status, unknown.status]).toEqual([404, 404]);
    expect(Date.parse(byId.headers.get('as-of') ?? '')).toBeGreaterThan(Date.parse(position.appended_at));
    expect(byId.headers.get('lag')).toBe('0');
  });

  it('410 for what retention has removed, and keeps the numbers of what it has not', async () => {
    const { own, url, name } = await filled(2, 10);
    await own.admin.deleteRecords(
      own.stream.topic,
      new Map([
        [0, 2n],
        [1, 2n],
      ]),
    );
    let oldest = await ask(url, `/${name}?index=0`);
    for (; oldest.status === 200; oldest = await ask(url, `/${name}?index=0`)) await ask(url, '/stats');

    const page = await ask(url, `/${name}?from_index=1`);
    const fifth = await ask(url, `/${name}?index=4`);
    const beyond = await ask(url, `/${name}?index=10`);

    expect(oldest).toMatchObject({ status: 410, body: { code: 'gone' } });
    expect(page.status).toBe(410);
    expect(fifth.body).toMatchObject({ duration: 4, position: { index: 4 } });
    expect(beyond.body).toMatchObject({ detail: `${name} has 6 events, from 4 to 9; there is none at 10.` });
  });

  it('a question over its route, with how fresh the answer is', async () => {
    const { url, name } = await filled(3, 6);

    const { body } = await ask(url, `/stats?stream=${name}&measure=sum(distance)&window=1h&timezone=UTC&max_lag=0`);
    const refused = await ask(url, `/stats?stream=${name}&measure=sum(user_id)`);

    expect(body).toMatchObject({
      data: [{ window_start: '2026-03-01T00:00:00.000Z', 'sum(distance)': 22.5, count: 6 }],
      as_of: expect.stringMatching(/Z$/),
      lag: 0,
    });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/query/measure' }] } });
  });

  it('its statistics as they change, to a page that follows', async () => {
    const { own, url, name } = await filled(1, 2);
    const response = await fetch(`${url}/stats/live`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();

    const first = (await reader?.read())?.value;
    await own.produce([{ partition: 0, key: null, value: own.encode(run(2)) }]);
    const second = (await reader?.read())?.value;
    await reader?.cancel();

    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    expect(first).toMatch(new RegExp(`^event: stats\ndata: .*"${name}":\\{"count":2`));
    expect(second).toMatch(new RegExp(`^event: stats\ndata: .*"${name}":\\{"count":3`));
  });
});
