import { randomFrom } from '@millrace/testing/random-from';
import { waitUntil } from '@millrace/testing/wait-until';
import { expect, inject, it } from 'vitest';
import { z } from 'zod';
import { ask, placedEvents, untilCounted, wholeHistory } from './ask.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { type OwnStream, ownStream, run } from './own-stream.ts';

const GOOD = 300;
const registered = z.object({ id: z.int() });

/** Registers a schema that is not Avro, and answers its id. */
async function registerJsonSchema({ stream }: OwnStream): Promise<number> {
  const response = await fetch(`${inject('stack').registryUrl}/subjects/${stream.topic}-other/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schemaType: 'JSON', schema: '{"type":"object","properties":{"a":{"type":"string"}}}' }),
  });
  return registered.parse(await response.json()).id;
}

function framed(id: number, body: Buffer | string = ''): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, Buffer.from(body)]);
}

async function unusable(url: string, { stream }: OwnStream) {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const line = metrics.split('\n').find((each) => each.includes(`stream="${stream.name}",outcome="unusable"`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

it('numbers every good record among hundreds that no client should write, and continues after a restart', async () => {
  const tags = [{ name: 'tags', type: { type: 'array', items: 'string' }, default: [] }];
  const own = await ownStream(2, {}, tags);
  const { name } = own.stream;
  const jsonSchema = await registerJsonSchema(own);
  const random = randomFrom(5);
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => random(256)));
  const good = (sequence: number) => own.encode(run(sequence, { tags: ['a'] }));
  const id = good(0).readUInt32BE(1);
  const hostile = [
    () => framed(2 ** 31),
    () => framed(2 ** 32 - 1, noise(20)),
    () => framed(random(2 ** 32), noise(9)),
    () => framed(jsonSchema, '{}'),
    () => framed(id, Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0x0f])),
    () => framed(id, noise(random(200))),
    () => good(1).subarray(0, random(80)),
    () => Buffer.concat([good(1).subarray(0, -1), Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f, 0x00])]),
    () => noise(random(40)),
    () => Buffer.alloc(0),
    () => null,
  ];
  const records = (from: number) =>
    Array.from({ length: GOOD }, (_, i) => [
      { partition: i % 2, key: null, value: good(from + i) },
      { partition: i % 2, key: noise(3), value: hostile[i % hostile.length]?.() ?? null },
    ]).flat();

  await own.produce(records(0));
  const analyzer = await ownAnalyzer(own);
  const first = await analyzer.start();
  await untilCounted(first.url, name, GOOD);
  await waitUntil(
    () => unusable(first.url, own),
    (count) => count === GOOD,
  );
  await first.kill();
  const second = await analyzer.start();
  await own.produce(records(GOOD));
  await untilCounted(second.url, name, 2 * GOOD);
  const ready = await waitUntil(
    () => ask(second.url, '/readyz'),
    ({ status }) => status === 200,
  );

  const events = placedEvents(await wholeHistory(second.url, name, 2 * GOOD));
  expect(events.map(({ duration }) => duration).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 2 * GOOD }, (_, i) => i),
  );
  expect((await ask(second.url, `/${name}?index=${2 * GOOD}`)).status).toBe(404);
  expect(ready.status).toBe(200);
});
