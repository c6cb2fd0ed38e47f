import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { expect, inject, it, onTestFinished } from 'vitest';
import { ask, untilCounted } from './ask.ts';
import { run } from './own-stream.ts';

/** An analyzer of two streams. */
async function ownWorld() {
  const shipped = await shippedSchema('fitness/running');
  const schema = { ...shipped, stream: { ...shipped.stream, path: undefined, count_as: undefined, partitions: 1 } };
  const { kafkaBrokers, registryUrl } = inject('stack');
  const world = await openWorld({ kafkaBrokers, registryUrl }, { schemas: { runs: schema, walks: schema } });
  onTestFinished(() => world.close());
  return { world, runs: world.stream('runs'), walks: world.stream('walks') };
}

it('numbers the other streams while a topic is missing, makes it again, and reads on from there', async () => {
  const { world, runs, walks } = await ownWorld();
  const analyzer = await world.start('analyzer');
  const { url } = analyzer;
  for (const file of ['runs', 'walks']) await world.publish(file, [run(1), run(2)]);
  for (const { name } of [runs, walks]) await untilCounted(url, name, 2);

  await world.admin.deleteTopics([walks.topic]);
  await world.publish('runs', [run(3), run(4)]);
  await untilCounted(url, runs.name, 4);
  await waitUntil(
    async () => [await ask(url, '/stats?max_lag=0'), await world.admin.listTopics()] as const,
    ([, topics]) => topics.includes(walks.topic),
  );
  await world.publish('walks', [run(11), run(12), run(13)]);
  await untilCounted(url, walks.name, 3);
  await world.publish('runs', [run(5)]);
  await untilCounted(url, runs.name, 5);
  const ready = await waitUntil(
    () => ask(url, '/readyz'),
    ({ status }) => status === 200,
  );
  const current = await waitUntil(
    () => ask(url, '/stats?max_lag=0'),
    ({ status }) => status === 200,
  );

  expect((await ask(url, `/${walks.name}?index=0`)).body).toMatchObject({ duration: 11 });
  expect((await ask(url, `/${runs.name}?index=0`)).body).toMatchObject({ duration: 1 });
  expect(ready.status).toBe(200);
  expect(current.body).toMatchObject({ lag: 0 });
});
