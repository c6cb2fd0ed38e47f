import { describe, expect, it } from 'vitest';
import { createLane, type LaneRecord, type SendBatch } from './produce-lane.ts';

const limits = { deadlineMs: 1_000, maxRequestRecords: 100 };
const record = (partition: number): LaneRecord => ({ partition, key: null, value: Buffer.from('x') });

/** A broker of which the test decides when each request is acknowledged; offsets count up per partition. */
function controlledBroker() {
  const requests: { records: readonly LaneRecord[]; acknowledge(): void; fail(): void }[] = [];
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
      requests.push({ records, acknowledge, fail: () => reject(new Error('connection lost')) });
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

  it('goes on with the next request after one has failed', async () => {
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
});
