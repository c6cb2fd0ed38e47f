import { withResolvers } from '@millrace/core/promise/with-resolvers';
import { startLocalStack } from '@millrace/stack/harness/local-stack';
import type { Stack } from '@millrace/stack/harness/stack';
import type { LogLine } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type OwnReceiver, ownReceiver, run, runningSchema } from './own-receiver.ts';

const DEADLINE_MS = 1_000;
const MAX_IN_FLIGHT = 50;

let stack: Stack;
let own: OwnReceiver;

/** A stack of its own: what is done to Kafka here, no other suite should see. */
beforeAll(async () => {
  stack = await startLocalStack(process.env);
  const env = { PRODUCE_DEADLINE_MS: String(DEADLINE_MS), MAX_IN_FLIGHT_RECORDS: String(MAX_IN_FLIGHT) };
  own = await ownReceiver(stack, await runningSchema(), { env });
}, 120_000);
afterAll(async () => {
  await own?.close();
  await stack?.close();
});

function kafka() {
  if (!stack.parts) throw new Error('this stack has no processes');
  return stack.parts.kafka;
}

async function timed(post: Promise<Answer>) {
  const start = performance.now();
  const answer = await post;
  return { ...answer, ms: performance.now() - start };
}

/** Posts until one is taken: recovery needs no restart, only Kafka. */
async function untilTaken(): Promise<Answer> {
  for (;;) {
    const answer = await own.post(run());
    if (answer.status === 201) return answer;
  }
}

describe('while Kafka hangs', () => {
  it('answers every request within the deadline, saying whether a retry needs a key, and recovers by itself', async () => {
    await untilTaken();
    await kafka().pause();
    const sent = await timed(own.post(run()));
    const waiting = await Promise.all(Array.from({ length: 20 }, () => timed(own.post(run()))));
    const ready = await fetch(`${own.receiver.url}/readyz`);
    await kafka().resume();
    const taken = await untilTaken();

    expect(sent.body.detail).toContain('outcome unknown');
    for (const { status, headers, body, ms } of [sent, ...waiting]) {
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'kafka-unavailable' });
      expect(headers.get('retry-after')).toBe('1');
      expect(ms).toBeLessThan(DEADLINE_MS + 1_000);
    }
    expect(new Set(waiting.map(({ body }) => body.detail))).toEqual(
      new Set(['Kafka is unreachable: nothing was written']),
    );
    expect(ready.status).toBe(503);
    expect(taken.status).toBe(201);
  });

  it('tells what does not fit to come back, at once', async () => {
    await untilTaken();
    await kafka().pause();
    const answers = await Promise.all(Array.from({ length: MAX_IN_FLIGHT + 30 }, () => timed(own.post(run()))));
    await kafka().resume();
    await untilTaken();

    const saturated = answers.filter(({ body }) => body.code === 'saturated');
    expect(saturated).toHaveLength(30);
    expect(saturated.every(({ status, headers }) => status === 503 && headers.get('retry-after') === '1')).toBe(true);
    expect(answers.filter(({ body }) => body.code === 'kafka-unavailable')).toHaveLength(MAX_IN_FLIGHT);
  });

  it('refuses a batch as one, as no record of it differs', async () => {
    await untilTaken();
    await kafka().pause();
    const { status, headers, body } = await own.post([run(), run()]);
    await kafka().resume();
    await untilTaken();

    expect({ status, code: body.code }).toEqual({ status: 503, code: 'kafka-unavailable' });
    expect(headers.get('retry-after')).toBe('1');
  });

  it('tells when to send again what a batch with other faults had beside them', async () => {
    await untilTaken();
    await kafka().pause();
    const { status, headers, body } = await own.post([run(), { pace: 5 }]);
    await kafka().resume();
    await untilTaken();

    expect({ status, results: body.results }).toMatchObject({
      status: 207,
      results: [{ status: 503 }, { status: 400 }],
    });
    expect(headers.get('retry-after')).toBe('1');
  });

  it('writes a retry with the same key once, written or not at the first try', async () => {
    const record = run({ distance: 42_195 });
    const keyed = { 'idempotency-key': 'marathon' };
    await untilTaken();
    await kafka().pause();
    const first = await own.post(record, keyed);
    await kafka().resume();
    await untilTaken();
    const again = await own.post(record, keyed);

    const held = (await own.read()).filter(({ value }) => value.distance === 42_195);
    expect(first.status).toBe(503);
    expect(again.status).toBe(201);
    expect(new Set(held.map(({ value }) => value.event_id))).toEqual(new Set([again.body.event_id]));
  });
});

describe('when Kafka is killed', () => {
  it('answers 503, and takes records again once Kafka is back', async () => {
    await untilTaken();
    await kafka().kill();
    const refused = await timed(own.post(run()));
    await kafka().start();
    const taken = await untilTaken();

    expect(refused.status).toBe(503);
    expect(refused.ms).toBeLessThan(DEADLINE_MS + 1_000);
    expect(taken.status).toBe(201);
  });

  it('lets a receiver start that waits for it, and says so', async () => {
    await untilTaken();
    const { promise: isWaiting, resolve: waits } = withResolvers();
    await kafka().kill();
    const onLine = ({ msg }: LogLine) => (String(msg).startsWith('waiting for Kafka') ? waits() : undefined);
    const starting = own.world.start('receiver', { onLine });
    await isWaiting;
    await kafka().start();
    const late = await starting;
    const headers = { 'content-type': 'application/json' };
    const url = `${late.url}${own.stream.path}`;
    const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(run()) });
    await late.stop();

    expect(status).toBe(201);
  });
});
