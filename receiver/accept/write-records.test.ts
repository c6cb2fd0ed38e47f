import { Problem } from '@millrace/core/problem/problem';
import type { AcceptedRecord } from '@millrace/core/record/compile-record';
import type { LaneRecord, Producer } from '@millrace/core/stream/create-producer';
import { describe, expect, it } from 'vitest';
import { createRecentEvents } from './recent-events.ts';
import { writeRecords } from './write-records.ts';

const accepted = (eventId: string, content?: string): AcceptedRecord => ({
  eventId,
  key: eventId,
  content: content === undefined ? undefined : () => content,
  record: { partition: 0, key: null, value: Buffer.from(eventId) },
});
const away = new Problem('kafka-unavailable', 'nothing was written');

/** Acknowledges what it is given under growing offsets, unless it is to fail. */
function fakeProducer() {
  const requests: string[][] = [];
  const state = { fails: false, short: false };
  let next = 0n;
  const producer: Pick<Producer, 'produce'> = {
    async produce(_topic, records: readonly LaneRecord[]) {
      requests.push(records.map(({ value }) => String(value)));
      if (state.fails) throw away;
      const all = records.map(({ partition }) => ({ partition, offset: next++ }));
      return state.short ? all.slice(1) : all;
    },
  };
  return { requests, state, write: writeRecords(producer, createRecentEvents(100)) };
}

const at = (offset: bigint, replayed = false) => ({ at: { partition: 0, offset }, replayed });

describe('writeRecords', () => {
  it('writes in the order given and answers each record’s offset', async () => {
    const { write, requests } = fakeProducer();

    expect(await write('t', [accepted('a'), accepted('b', 'B')])).toEqual([at(0n), at(1n)]);
    expect(requests).toEqual([['a', 'b']]);
  });

  it('answers a repeat as the first, also within one batch, and writes it once', async () => {
    const { write, requests } = fakeProducer();

    const first = await write('t', [accepted('a', 'A'), accepted('a', 'A')]);
    const second = await write('t', [accepted('a', 'A')]);

    expect([first, second]).toEqual([[at(0n), at(0n, true)], [at(0n, true)]]);
    expect(requests).toEqual([['a']]);
  });

  it('answers a conflict for other content, and keeps topics apart', async () => {
    const { write } = fakeProducer();

    await write('t', [accepted('a', 'A')]);

    expect(await write('t', [accepted('a', 'other'), accepted('b', 'B')])).toEqual([{ conflict: true }, at(1n)]);
    expect(await write('u', [accepted('a', 'other')])).toEqual([at(2n)]);
  });

  it('gives a repeat that comes while the first is in flight the answer of the first', async () => {
    const { write, requests } = fakeProducer();

    const both = await Promise.all([write('t', [accepted('a', 'A')]), write('t', [accepted('a', 'A')])]);

    expect(both).toEqual([[at(0n)], [at(0n, true)]]);
    expect(requests).toEqual([['a']]);
  });

  it('forgets what was not acknowledged, so that a retry is written', async () => {
    const { write, state, requests } = fakeProducer();

    state.fails = true;
    const failed = await write('t', [accepted('a', 'A'), accepted('b')]);
    state.fails = false;
    const again = await write('t', [accepted('a', 'A')]);

    expect(failed).toEqual([{ problem: away }, { problem: away }]);
    expect(again).toEqual([at(0n)]);
    expect(requests).toEqual([['a', 'b'], ['a']]);
  });

  it('writes a large batch in parts, each with its own outcome', async () => {
    const { write, requests } = fakeProducer();

    const outcomes = await write(
      't',
      Array.from({ length: 2_500 }, (_, n) => accepted(String(n))),
    );

    expect(requests.map((each) => each.length)).toEqual([1_000, 1_000, 500]);
    expect(outcomes).toEqual(Array.from({ length: 2_500 }, (_, n) => at(BigInt(n))));
  });

  it('claims nothing for a record that the answer of Kafka lacks', async () => {
    const { write, state } = fakeProducer();
    state.short = true;

    const [alone] = await write('t', [accepted('a')]);

    expect(alone).toMatchObject({ problem: { code: 'internal' } });
    expect(await write('t', [accepted('a'), accepted('b')])).toMatchObject([
      { at: { offset: 2n } },
      { problem: { code: 'internal' } },
    ]);
  });
});
