import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type OwnReceiver, ownReceiver, run, runningSchema } from './own-receiver.ts';

let own: OwnReceiver;

beforeAll(async () => {
  own = await ownReceiver(inject('stack'), await runningSchema(), {
    env: { RATE_LIMIT: '1', TRUST_PROXY: '1' },
  });
});
afterAll(() => own.close());

describe('a receiver', () => {
  it('tells a client that asks too often when to come back, and takes it then', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => own.post(run())));
    const refused = answers.filter(({ status }) => status === 429);

    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ headers }) => headers.get('retry-after') === '1')).toBe(true);
    expect(refused[0]?.body.code).toBe('too-many-requests');
    await expect.poll(async () => (await own.post(run())).status, { timeout: 20_000 }).toBe(201);
  });

  it('counts the requests of the routes in front of Express', async () => {
    const metrics = await (await fetch(`${own.receiver.url}/metrics`)).text();

    expect(metrics).toContain(`method="POST",route="${own.stream.path}",status="201"`);
  });

  it('asked to stop, answers what it has begun and ends well', async () => {
    const begun = Array.from({ length: 100 }, (_, n) =>
      own.post(run(), { 'x-forwarded-for': `10.0.0.${n}` }).then(
        ({ status }) => status,
        () => 'not taken',
      ),
    );
    await Promise.race(begun);
    const code = await own.receiver.stop();
    const outcomes = await Promise.all(begun);

    const acknowledged = outcomes.filter((outcome) => outcome === 201).length;
    const notTaken = outcomes.filter((outcome) => outcome === 'not taken').length;
    expect(code).toBe(0);
    expect(acknowledged).toBeGreaterThan(0);
    expect(acknowledged + notTaken).toBe(begun.length);
  });
});
