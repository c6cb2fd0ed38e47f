import { ask } from '@millrace/testing/ask';
import { openEndpoint } from '@millrace/testing/endpoint';
import { everyType, everyTypeSchema } from '@millrace/testing/every-type';
import { createTestDatabase } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld } from '@millrace/testing/world';
import fc from 'fast-check';
import { afterAll, expect, inject, it } from 'vitest';
import { makeDelivery, untilAccepted } from './deliveries.ts';

const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const each of opened.reverse()) await each.close();
});

const EVENTS = 40;

it('sends events of every type as storage shows them, also where there are no rules', async () => {
  const stack = inject('stack');
  const database = await createTestDatabase(stack.databaseUrl);
  opened.push(database);
  const world = await openWorld(
    { ...stack, databaseUrl: database.url },
    { schemas: { 'every-type': everyTypeSchema } },
  );
  opened.push(world);
  const endpoint = await openEndpoint();
  opened.push(endpoint);
  const [receiver, storage, rules] = await Promise.all(
    ['receiver', 'storage', 'rules'].map((name) => world.start(name)),
  );
  const { name, path } = world.stream();
  await makeDelivery(rules?.url ?? '', { name: 'all', stream: name, url: endpoint.url });

  const posted = fc.sample(everyType, EVENTS);
  const answer = await ask(`${receiver?.url}${path}`, 'POST', posted);
  expect(answer).toMatchObject({ status: 201, body: { accepted: EVENTS } });
  const calls = await untilAccepted(endpoint, EVENTS);

  for (const { id, event } of calls) {
    const { body } = await waitUntil(
      () => ask(`${storage?.url}${path}/${id}`),
      ({ status }) => status === 200,
    );
    const { stored_at: _, ...row } = Object(body);
    expect(event).toEqual(row);
    expect(Object.keys(event)).toEqual(Object.keys(row));
  }
});
