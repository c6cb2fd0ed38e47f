import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { describe, expect, it } from 'vitest';
import { type Answer, ask, untilCounted } from './ask.ts';
import { openTransaction } from './open-transaction.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { type OwnStream, ownStream, run } from './own-stream.ts';
import { recreateTopic } from './recreated.ts';

const BEFORE = 20;
/** Append times differ by a millisecond at least. */
const CLOCK_TICK_MS = 2;

/** Runs whose duration says which topic they are of: 1,000 times its number, and then where they stand in it. */
const runs = ({ encode }: OwnStream, topic: number, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    partition: 0,
    key: null,
    value: encode(run(topic * 1_000 + from + i)),
  }));

type Topic = { readonly held: number; commit(): Promise<void> };

/**
 * Recreates the topic with `held` runs, the first appended before the others, so that it can be numbered, and the last in
 * a transaction still open: the others wait for it.
 */
async function another(own: OwnStream, topic: number, held: number): Promise<Topic> {
  await recreateTopic(own);
  const records = runs(own, topic, 0, held);
  await own.produce(records.slice(0, 1));
  await sleep(CLOCK_TICK_MS);
  await own.produce(records.slice(1, -1));
  const { commit } = await openTransaction(own, records.slice(-1));
  return { held, commit };
}

/** Asks for every index until it is stopped; answers the epochs met, and what was not of that epoch. */
function watchAnswers({ url }: RunningService, name: string, topicOf: (epoch: number) => number) {
  const epochs = new Set<number>();
  const wrong: unknown[] = [];
  let stopped = false;
  const watching = (async () => {
    for (let index = 0; !stopped; index = (index + 1) % BEFORE) {
      const [{ status, body, headers }] = await Promise.all([
        ask(url, `/${name}?index=${index}`),
        ask(url, `/stats?stream=${name}&measure=min(duration)&measure=max(duration)`).then(inOneTopic),
      ]);
      const epoch = Number(headers.get('epoch'));
      epochs.add(epoch);
      const expected = topicOf(epoch) * 1_000 + index;
      if (status === 200 && !isRun(body, expected)) wrong.push({ epoch, index, body });
    }
  })();
  return {
    /** Resolves once an answer was of that epoch. */
    async met(epoch: number) {
      await waitUntil(
        async () => [...epochs],
        (met) => met.includes(epoch),
      );
    },
    async stop() {
      stopped = true;
      await watching;
      return { epochs: [...epochs], wrong };
    },
  };

  function inOneTopic({ body, headers }: Answer) {
    const text = JSON.stringify(body);
    const [least, most] = ['min', 'max'].map((of) =>
      Number(new RegExp(`"${of}\\(duration\\)":(\\d+)`).exec(text)?.[1]),
    );
    const topic = topicOf(Number(headers.get('epoch')));
    for (const found of [least, most])
      if (found !== undefined && !Number.isNaN(found) && Math.floor(found / 1_000) !== topic)
        wrong.push({ topic, text });
  }
}

const isRun = (body: unknown, duration: number) =>
  typeof body === 'object' && body !== null && 'duration' in body && body.duration === duration;

/** Until all of that epoch but the record of the open transaction has its number, before a restart or since. */
async function untilBuilding({ url }: RunningService, epoch: number, name: string): Promise<string> {
  const some = new RegExp(`building epoch ${epoch} of ${name}: ([1-9]|0 of 1 )`);
  return waitUntil(
    async () => {
      await ask(url, '/stats');
      return (await fetch(`${url}/readyz`)).text();
    },
    (text) => some.test(text),
  );
}

describe('a topic that is not what it was', () => {
  it.each([
    ['recreated with more records', 40],
    ['shrunken', 5],
  ])(
    '%s while the analyzer was down, is answered from the old epoch until the new one has caught up',
    async (_, held) => {
      const { own, analyzer, running } = await numbered();
      const { name } = own.stream;
      await running.stop();
      const topic = await another(own, 1, held);

      const again = await analyzer.start();
      const watch = watchAnswers(again, name, (epoch) => epoch);
      await untilBuilding(again, 1, name);
      const meanwhile = await ask(again.url, `/${name}?index=-1`);
      const strict = await ask(again.url, `/${name}?index=-1&max_lag=0`);
      await topic.commit();
      await watch.met(1);
      await untilCounted(again.url, name, held);
      const { epochs, wrong } = await watch.stop();

      expect(wrong).toEqual([]);
      expect(epochs).toEqual([0, 1]);
      expect(meanwhile.body).toMatchObject({ duration: BEFORE - 1, position: { index: BEFORE - 1 } });
      expect(Number(meanwhile.headers.get('lag'))).toBeGreaterThanOrEqual(held);
      expect(strict.status).toBe(503);
      expect((await ask(again.url, `/${name}?index=-1`)).body).toMatchObject({ duration: 1_000 + held - 1 });
      expect((await ask(again.url, `/${name}?index=${held}`)).status).toBe(404);
      expect(again.lines).toContainEqual(expect.objectContaining({ level: 'error', stream: name, epoch: 1 }));
    },
  );

  /** How much of the new topic is there when the change is noticed is chance, and so is how long the old epoch answers. */
  it.each([
    ['recreated with more records', 40],
    ['truncated', 5],
  ])('%s while the analyzer runs, is never mixed with what it was', async (_, held) => {
    const { own, running } = await numbered();
    const { name } = own.stream;
    const watch = watchAnswers(running, name, (epoch) => epoch);
    await watch.met(0);

    const topic = await another(own, 1, held);
    await topic.commit();
    await watch.met(1);
    await untilCounted(running.url, name, held);
    const { epochs, wrong } = await watch.stop();

    expect(wrong).toEqual([]);
    expect(epochs).toEqual([0, 1]);
    expect((await ask(running.url, `/${name}?index=-1`)).body).toMatchObject({ duration: 1_000 + held - 1 });
    expect((await ask(running.url, `/${name}?index=${held}`)).status).toBe(404);
    expect(running.lines).toContainEqual(expect.objectContaining({ level: 'error', stream: name, epoch: 1 }));
  });

  it('continues to be read into the new epoch after a restart, and into yet another one when it changes again', async () => {
    const { own, analyzer, running: first } = await numbered();
    const { name } = own.stream;
    await first.stop();
    await another(own, 1, 15);
    const second = await analyzer.start();
    await untilBuilding(second, 1, name);
    await second.kill();

    const third = await analyzer.start();
    const watch = watchAnswers(third, name, (epoch) => epoch);
    await untilBuilding(third, 1, name);
    const last = await another(own, 2, 5);
    await last.commit();
    await watch.met(2);
    await untilCounted(third.url, name, 5);
    const { epochs, wrong } = await watch.stop();
    await third.stop();
    const fourth = await analyzer.start();
    await untilCounted(fourth.url, name, 5);

    expect(wrong).toEqual([]);
    expect(epochs).toEqual([0, 2]);
    expect((await ask(fourth.url, `/${name}?index=-1`)).body).toMatchObject({ duration: 2_004 });
    expect((await ask(fourth.url, `/${name}?index=5`)).status).toBe(404);
  });
});

/** An analyzer that has numbered the first topic's runs. */
async function numbered() {
  const own = await ownStream(1);
  const analyzer = await ownAnalyzer(own);
  const running = await analyzer.start();
  await own.produce(runs(own, 0, 0, BEFORE));
  await untilCounted(running.url, own.stream.name, BEFORE);
  return { own, analyzer, running };
}
