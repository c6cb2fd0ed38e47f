import { capturedLog } from '@millrace/testing/captured-log';
import { type FakeKafka, fakeKafka } from '@millrace/testing/fake-kafka';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withResolvers } from '../promise/with-resolvers.ts';
import { CheckpointMismatch } from './checkpoint-mismatch.ts';
import { type Batch, type ConsumeOptions, consume } from './consume.ts';
import { skipUnreadable } from './skipped-offsets.ts';

/** Consumes all topics of a fake, keeping checkpoints as a service does. */
async function consuming(world: FakeKafka, options: Partial<ConsumeOptions> = {}) {
  const { log, lines } = capturedLog();
  const batches: Batch[] = [];
  const checkpoints = new Map<string, bigint>();
  const consumption = await consume({
    ...{ kafka: world.kafka, admin: world.admin, groupId: 'test', topics: [], log, commitHints: false },
    checkpoint: async (topic, partition) => checkpoints.get(`${topic}:${partition}`),
    onBatch: async (batch) => {
      batches.push(batch);
      checkpoints.set(`${batch.topic}:${batch.partition}`, batch.nextOffset);
    },
    ...options,
  });
  onTestFinished(consumption.close);
  const values = () => batches.flatMap(({ records }) => records.map(({ value }) => String(value)));
  return { consumption, batches, checkpoints, values, lines };
}

describe('consume', () => {
  it('gives what each partition holds, from its checkpoint on, with where the read began and ends', async () => {
    const world = fakeKafka({ music: 2 });
    world.log('music', 0).append('a', 'b', 'c');
    world.log('music', 1).append('x');

    const { batches } = await consuming(world, {
      checkpoint: async (_, partition) => (partition === 0 ? 1n : undefined),
    });
    await world.settled();

    const seen = batches.map(({ partition, fromOffset, nextOffset, records }) => [
      ...[partition, fromOffset, nextOffset],
      records.map(({ value }) => String(value)),
    ]);
    expect(seen).toEqual([
      [0, 1n, 3n, ['b', 'c']],
      [1, 0n, 1n, ['x']],
    ]);
  });

  it('continues where it was after a rebalance, not at the offset committed in Kafka', async () => {
    const world = fakeKafka({ music: 1 });
    const { values } = await consuming(world);
    world.log('music', 0).append('a', 'b');
    await world.settled();

    world.rebalance();
    world.log('music', 0).append('c');
    await world.settled();

    expect(values()).toEqual(['a', 'b', 'c']);
  });

  it('reads a batch again from the checkpoint when it does not follow it', async () => {
    const world = fakeKafka({ music: 1 });
    world.log('music', 0).append('a', 'b');
    let refused = false;
    const seen: string[] = [];

    await consuming(world, {
      checkpoint: async () => 0n,
      async onBatch({ records }) {
        if (!refused) {
          refused = true;
          throw new CheckpointMismatch('for the test');
        }
        seen.push(...records.map(({ value }) => String(value)));
      },
    });
    await world.settled();

    expect(seen).toEqual(['a', 'b']);
    expect(world.seeks.map(({ offset }) => offset)).toEqual([0n, 0n]);
  });

  it('ends when work fails for a reason of its own, and continues after a fault of Kafka', async () => {
    const world = fakeKafka({ music: 1 });
    world.log('music', 0).append('a');
    const faults = [Object.assign(new Error('rebalancing'), { name: 'KafkaJSError' }), new Error('a bug')];

    const { consumption } = await consuming(world, {
      async onBatch() {
        throw faults.shift() ?? new Error('once more');
      },
    });

    await expect(consumption.done).rejects.toThrow('a bug');
  });

  it('reads a topic from its oldest record that ends before its checkpoint, and says so', async () => {
    const world = fakeKafka({ music: 1 });
    world.log('music', 0).append('a');
    const shrunk: unknown[] = [];

    const { values } = await consuming(world, {
      checkpoint: async () => 9n,
      onShrunk: async (...given) => void shrunk.push(given),
    });
    await world.settled();

    expect(shrunk).toEqual([['music', 0, 9n, 1n]]);
    expect(values()).toEqual(['a']);
  });

  it('tells of offsets that hold no record, and has the next batch begin where the last one ended', async () => {
    const world = fakeKafka({ music: 1 });
    const skipped: unknown[] = [];
    const log = world.log('music', 0);
    log.append('a');
    const { batches, consumption } = await consuming(world, { onSkipped: (...given) => skipped.push(given) });
    await world.settled();

    log.appendControl(2);
    await world.settled();
    const [position] = consumption.progress.positions();
    log.append('b');
    await world.settled();

    expect(skipped).toEqual([['music', 0, 3n]]);
    expect(position?.nextOffset).toBe(3n);
    expect(batches.map(({ fromOffset, nextOffset }) => [fromOffset, nextOffset])).toEqual([
      [0n, 1n],
      [1n, 4n],
    ]);
  });

  it('parses the trace of each record for a consumer that asks for it', async () => {
    const world = fakeKafka({ music: 1 });
    const [traceId, parentId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    const traceparent = Buffer.from(`00-${traceId}-${parentId}-01`);
    world.log('music', 0).append({ headers: { traceparent } }, { headers: { traceparent: Buffer.from('x') } }, 'none');

    const { batches } = await consuming(world, { traces: true });
    await world.settled();

    const traces = batches.flatMap(({ records }) => records.map(({ trace }) => trace));
    expect(traces).toEqual([{ traceId, parentId, sampled: true }, undefined, undefined]);
  });

  it('leaves a batch alone that was fetched before the partition was taken away', async () => {
    const world = fakeKafka({ music: 1 });
    world.log('music', 0).append('a');
    const checkpoint = withResolvers<bigint | undefined>();
    const given: (bigint | Promise<bigint | undefined>)[] = [checkpoint.promise];

    const { values } = await consuming(world, { checkpoint: async () => given.shift() ?? 1n });
    world.rebalance();
    checkpoint.resolve(0n);
    await world.settled();

    expect(values()).toEqual([]);
  });

  it('commits to Kafka what is done, at the latest when it closes', async () => {
    const world = fakeKafka({ music: 1 });
    world.log('music', 0).append('a', 'b');
    const { consumption } = await consuming(world, { commitHints: true });
    await world.settled();

    await consumption.close();

    expect(world.committed('music', 0)).toBe(2n);
  });

  it.each([false, true])('has one batch of a partition at work at a time; read ahead: %s', async (readAhead) => {
    const world = fakeKafka({ music: 1 });
    let atWork = 0;
    let most = 0;
    const seen: string[] = [];
    await consuming(world, {
      readAhead,
      async onBatch({ records }) {
        atWork += 1;
        most = Math.max(most, atWork);
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(...records.map(({ value }) => String(value)));
        atWork -= 1;
      },
    });

    for (const text of ['a', 'b', 'c', 'd']) {
      world.log('music', 0).append(text);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await world.settled();
    await new Promise((resolve) => setTimeout(resolve, 0));

    expect(most).toBe(1);
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('a batch that can not be read', () => {
  it.each([false, true])('stops its partition alone, after what comes before it; read ahead: %s', async (readAhead) => {
    const world = fakeKafka({ music: 2 });
    const log = world.log('music', 0);
    log.append('before');
    log.appendUnreadable(3, 'it is damaged');
    log.append('after');
    world.log('music', 1).append('other');
    const reported: number[] = [];

    const { consumption, values, lines } = await consuming(world, {
      readAhead,
      onUnreadable: ({ length }) => reported.push(length),
    });
    await world.settled();

    expect(values().sort()).toEqual(['before', 'other']);
    expect(consumption.unreadable()).toEqual([
      { topic: 'music', partition: 0, firstOffset: 1n, lastOffset: 3n, reason: 'it is damaged' },
    ]);
    expect(reported).toEqual([1]);
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([{ topic: 'music', partition: 0, offset: 1 }]);
  });

  it('is skipped on request, and the next batch follows the one before it', async () => {
    const world = fakeKafka({ music: 1 });
    const log = world.log('music', 0);
    log.append('before');
    log.appendUnreadable(3, 'it is damaged');
    log.append('after');
    const { consumption, values, batches } = await consuming(world);
    await world.settled();

    await skipUnreadable(world.admin, 'music', 0, 4n);
    consumption.resume('music', 0);
    world.rebalance();
    await world.settled();

    expect(values()).toEqual(['before', 'after']);
    expect(batches.at(-1)).toMatchObject({ fromOffset: 1n, nextOffset: 5n });
    expect(consumption.unreadable()).toEqual([]);
  });

  it('stops a partition that is paused and resumed for another reason, too', async () => {
    const world = fakeKafka({ music: 1 });
    world.log('music', 0).appendUnreadable(1, 'it is damaged');
    world.log('music', 0).append('after');
    const { consumption, values } = await consuming(world);
    await world.settled();

    consumption.pause('music', 0);
    consumption.resume('music', 0);
    await world.settled();

    expect(values()).toEqual([]);
    expect(consumption.unreadable()).toHaveLength(1);
  });

  it('is forgotten when retention has removed it', async () => {
    const world = fakeKafka({ music: 1 });
    const log = world.log('music', 0);
    log.appendUnreadable(2, 'it is damaged');
    log.append('after');
    const { consumption, values } = await consuming(world);
    await world.settled();

    log.removeBefore(2n);
    world.rebalance();
    await world.settled();

    expect(values()).toEqual(['after']);
    expect(consumption.unreadable()).toEqual([]);
  });
});
