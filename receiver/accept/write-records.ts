import { Problem } from '@millrace/core/problem/problem';
import { problemOf } from '@millrace/core/problem/problem-of';
import type { Producer } from '@millrace/core/stream/create-producer';
import type { Acknowledged } from '@millrace/core/stream/produce-lane';
import type { Taken } from './compile-intake.ts';
import type { Memory } from './memory.ts';

/** What became of a record: where it is on Kafka, or why it is not, or may not be. */
export type Written =
  | { readonly at: Acknowledged; readonly replayed: boolean }
  | { readonly conflict: true }
  | { readonly problem: Problem };

/** Never rejects: each record has its own outcome, in the order given. */
export type Write = (topic: string, records: readonly Taken[]) => Promise<Written[]>;

/** Records that are written or not written together: a batch that meets an outage says for each such part how it went. */
const PART_RECORDS = 1_000;

/** Writes records in their order, and an event that its client named only once for as long as it is remembered. */
export function writeRecords(producer: Producer, memory: Memory): Write {
  return async (topic, records) => {
    const [only] = records;
    if (only && records.length === 1 && only.content === undefined) return [await writeAlone(topic, only)];
    if (records.length <= PART_RECORDS) return writePart(topic, records);
    const starts = Array.from({ length: Math.ceil(records.length / PART_RECORDS) }, (_, n) => n * PART_RECORDS);
    const parts = starts.map((start) => writePart(topic, records.slice(start, start + PART_RECORDS)));
    return (await Promise.all(parts)).flat();
  };

  /** What nearly every request is: one record that its client did not name. */
  async function writeAlone(topic: string, { record }: Taken): Promise<Written> {
    try {
      return { at: nth(await producer.produce(topic, [record]), 0), replayed: false };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  }

  async function writePart(topic: string, part: readonly Taken[]): Promise<Written[]> {
    const outcomes: Written[] = [];
    const fresh: { readonly taken: Taken; readonly place: number }[] = [];
    const repeats: { readonly written: Promise<Acknowledged>; readonly place: number }[] = [];
    const written = Promise.resolve().then(() => produce(topic, fresh));
    for (const [place, taken] of part.entries()) {
      const { eventId, content } = taken;
      const known = content === undefined ? undefined : memory.recall(topic, eventId);
      if (known && known.content !== content) outcomes[place] = { conflict: true };
      else if (known) repeats.push({ written: known.written, place });
      else {
        const turn = fresh.push({ taken, place }) - 1;
        if (content !== undefined)
          memory.remember(
            topic,
            eventId,
            content,
            written.then((all) => nth(all, turn)),
          );
      }
    }
    const acknowledged = await written.catch(problemOf);
    for (const [turn, { place }] of fresh.entries())
      outcomes[place] =
        acknowledged instanceof Problem ? { problem: acknowledged } : { at: nth(acknowledged, turn), replayed: false };
    for (const repeat of repeats) outcomes[repeat.place] = await repeated(repeat.written);
    return outcomes;
  }

  async function produce(topic: string, fresh: readonly { readonly taken: Taken }[]): Promise<Acknowledged[]> {
    return fresh.length === 0
      ? []
      : producer.produce(
          topic,
          fresh.map(({ taken }) => taken.record),
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

function nth(all: readonly Acknowledged[], turn: number): Acknowledged {
  const found = all[turn];
  if (!found) throw new Error('Kafka acknowledged fewer records than were sent');
  return found;
}
