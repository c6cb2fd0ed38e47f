import { Problem } from '@millrace/core/problem/problem';
import { problemOf } from '@millrace/core/problem/problem-of';
import type { AcceptedRecord } from '@millrace/core/record/compile-record';
import type { Producer } from '@millrace/core/stream/create-producer';
import type { Acknowledged } from '@millrace/core/stream/produce-lane';
import type { RecentEvents } from './recent-events.ts';

/** What became of a record: where it is on Kafka, or why it is not, or may not be. */
export type Written =
  | { readonly at: Acknowledged; readonly replayed: boolean }
  | { readonly conflict: true }
  | { readonly problem: Problem };

/** Never rejects: each record has its own outcome, in the order given. */
export type Write = (topic: string, records: readonly AcceptedRecord[]) => Promise<Written[]>;

/** Records that are written or not written together: a batch that meets an outage says for each such part how it went. */
const PART_RECORDS = 1_000;

/** Writes records in their order, and an event that its client named only once while it is a recent event. */
export function writeRecords(producer: Pick<Producer, 'produce'>, recentEvents: RecentEvents): Write {
  return async (topic, records) => {
    const [only] = records;
    if (only && records.length === 1 && only.content === undefined) return [await writeAlone(topic, only)];
    if (records.length <= PART_RECORDS) return writePart(topic, records);
    const starts = Array.from({ length: Math.ceil(records.length / PART_RECORDS) }, (_, n) => n * PART_RECORDS);
    const parts = starts.map((start) => writePart(topic, records.slice(start, start + PART_RECORDS)));
    return (await Promise.all(parts)).flat();
  };

  /** The common request: one record without a client-supplied id. */
  async function writeAlone(topic: string, { record }: AcceptedRecord): Promise<Written> {
    try {
      return { at: acknowledgedAt(await producer.produce(topic, [record]), 0), replayed: false };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  }

  async function writePart(topic: string, part: readonly AcceptedRecord[]): Promise<Written[]> {
    const outcomes: Written[] = [];
    const fresh: { readonly accepted: AcceptedRecord; readonly index: number }[] = [];
    const repeats: { readonly written: Promise<Acknowledged>; readonly index: number }[] = [];
    const written = Promise.resolve().then(() => produce(topic, fresh));
    for (const [index, accepted] of part.entries()) {
      const { eventId } = accepted;
      const content = accepted.content?.();
      const known = content === undefined ? undefined : recentEvents.recall(topic, eventId);
      if (known && known.content !== content) outcomes[index] = { conflict: true };
      else if (known) repeats.push({ written: known.written, index });
      else {
        const position = fresh.push({ accepted, index }) - 1;
        if (content !== undefined)
          recentEvents.remember(
            topic,
            eventId,
            content,
            written.then((all) => acknowledgedAt(all, position)),
          );
      }
    }
    const acknowledged = await written.catch(problemOf);
    for (const [position, { index }] of fresh.entries()) outcomes[index] = outcomeAt(acknowledged, position);
    for (const repeat of repeats) outcomes[repeat.index] = await repeated(repeat.written);
    return outcomes;
  }

  async function produce(
    topic: string,
    fresh: readonly { readonly accepted: AcceptedRecord }[],
  ): Promise<Acknowledged[]> {
    return fresh.length === 0
      ? []
      : producer.produce(
          topic,
          fresh.map(({ accepted }) => accepted.record),
        );
  }
}

async function repeated(written: Promise<Acknowledged>): Promise<Written> {
  try {
    return { at: await written, replayed: true };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function outcomeAt(acknowledged: readonly Acknowledged[] | Problem, position: number): Written {
  if (acknowledged instanceof Problem) return { problem: acknowledged };
  try {
    return { at: acknowledgedAt(acknowledged, position), replayed: false };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function acknowledgedAt(all: readonly Acknowledged[], position: number): Acknowledged {
  const found = all[position];
  if (!found) throw new Error('Kafka acknowledged fewer records than were sent');
  return found;
}
