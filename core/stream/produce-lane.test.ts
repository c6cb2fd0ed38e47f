import { describe, expect, it } from 'vitest';
import { createLane, type LaneRecord, type SendBatch } from './produce-lane.ts';

const limits = { deadlineMs: 1_000, maxRequestRecords: 100, maxRequestBytes: 10_000 };
const record = (partition: number, bytes = 1): LaneRecord => ({ partition, key: null, value: Buffer.alloc(bytes) });

/** A broker of which the test decides when each request is acknowledged; offsets count up per partition. */
function controlledBroker() {
  const requests: { records: readonly LaneRecord[]; acknowledge(): void; fail(error?: Error): void }[] = [];
  const ends = new Map<number, bigint>();
  const send: SendBatch = (records) =>
    new Promise((resolve, reject) => {
      const acknowledge = () => {
        const bases = new Map<number, bigint>();
        for (const { partition } of records) {
          const end = ends.get(partition) ?? 0n;
          if (!bases.has(partition)) bases.set(partition, end);
          ends.set(partition, end + 1n);
        }
        resolve(bases);
      };
      requests.push({ records, acknowledge, fail: (error = new Error('connection lost')) => reject(error) });
    });
  return { requests, send };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('createLane', () => {
  it('puts what arrives together into one request', async () => {
    const broker = controlledBroker();
    const lane = createLane(broker.send, limits);

    const answers = [lane.produce([record(0)]), lane.produce([record(1), record(0)]), lane.produce([record(0)])];
    await turn();
    broker.requests[0]?.acknowledge();

    expect(broker.requests).toHaveLength(1);
    expect(await Promise.all(answers)).toEqual([
      [{ partition: 0, offset: 0n }],
      [
        { partition: 1, offset: 0n },
        { partition: 0, offset: 1n },
      ],
      [{ partition: 0, offset: 2n }],
    ]);
  });

  it('keeps one request in flight and gathers the rest for the next', async () => {
    const broker = controlledBroker();
    const lane = createLane(broker.send, limits);

    const first = lane.produce([record(0)]);
    await turn();
    const others = [lane.produce([record(0)]), lane.produce([record(0)])];
    await turn();
    const inFlight = broker.requests.length;
    broker.requests[0]?.acknowledge();
    await first;
    await turn();
    broker.requests[1]?.acknowledge();

    expect(inFlight).toBe(1);
    expect(broker.requests[1]?.records).toHaveLength(2);
    expect((await Promise.all(others)).flat().map(({ offset }) => offset)).toEqual([1n, 2n]);
  });

  it('says that nothing was written when the deadline passes before the request is sent', async () => {
    const broker = controlledBroker();
    const lane = createLane(broker.send, { ...limits, deadlineMs: 30 });
    const stuck = lane.produce([record(0)]).catch((problem: Error) => problem.message);
    await turn();

    const waiting = lane.produce([record(0)]).catch((problem: Error) => problem.message);

    expect(await stuck).toContain('outcome unknown');
    expect(await waiting).toContain('nothing was written');
    broker.requests[0]?.acknowledge();
    await lane.drain();
    expect(broker.requests).toHaveLength(1);
  });

  it('continues with the next request after one has failed', async () => {
    const broker = controlledBroker();
    const lane = createLane(broker.send, limits);

    const failed = lane.produce([record(0)]).catch((problem: { code: string }) => problem.code);
    await turn();
    broker.requests[0]?.fail();
    const code = await failed;
    const next = lane.produce([record(0)]);
    await turn();
    await turn();
    broker.requests[1]?.acknowledge();

    expect(code).toBe('kafka-unavailable');
    expect(await next).toEqual([{ partition: 0, offset: 0n }]);
  });

  it('puts no more bytes into a request than Kafka takes', async () => {
    const broker = controlledBroker();
    const lane = createLane(broker.send, limits);

    const answers = [6_000, 3_000, 3_000].map((bytes) => lane.produce([record(0, bytes)]));
    await turn();
    broker.requests[0]?.acknowledge();
    await answers[1];
    await turn();
    broker.requests[1]?.acknowledge();
    await Promise.all(answers);

    expect(broker.requests.map(({ records }) => records.length)).toEqual([2, 1]);
  });

  it('refuses only the entry that is too large for Kafka when several share a request', async () => {
    const broker = controlledBroker();
    const lane = createLane(broker.send, limits);
    const tooLarge = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });

    const answers = [lane.produce([record(0)]), lane.produce([record(0)])];
    const codes = answers.map((answer) => answer.then(String, (problem: { code: string }) => problem.code));
    await turn();
    broker.requests[0]?.fail(tooLarge);
    await turn();
    broker.requests[1]?.fail(tooLarge);
    await turn();
    broker.requests[2]?.acknowledge();

    expect((await Promise.all(codes))[0]).toBe('body-too-large');
    expect(await answers[1]).toEqual([{ partition: 0, offset: 0n }]);
  });

  it('refuses an entry whose partition the result lacks, and still numbers its neighbours as Kafka did', async () => {
    const lane = createLane(async () => new Map([[0, 40n]]), limits);

    const answers = [
      lane.produce([record(0)]),
      lane.produce([record(0), record(1), record(0)]),
      lane.produce([record(1)]),
      lane.produce([record(0)]),
    ];

    const settled = await Promise.allSettled(answers);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(await answers[0]).toEqual([{ partition: 0, offset: 40n }]);
    expect(await answers[3]).toEqual([{ partition: 0, offset: 43n }]);
    await expect(answers[1]).rejects.toMatchObject({
      code: 'kafka-unavailable',
      message: expect.stringContaining('outcome unknown'),
      cause: { message: 'Kafka answered nothing for partition 1' },
    });
  });
});
