import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import type { StreamNumbering } from '../order/number-stream.ts';
import type { Statement } from './numbering-snapshot.ts';
import type { Kind, Statements } from './open-snapshots.ts';

type Told = { start: string | undefined; end: string | undefined; endAt: number; sending: Promise<void> | undefined };

export type TellNumbering = {
  /** Says where a numbering stands, when retention has moved its start, and in time before it can. */
  tell(numbering: StreamNumbering): Promise<void>;
  /** Says where they end up, and waits until all that was said is written, or can't be. */
  finish(numberings: readonly StreamNumbering[]): Promise<void>;
  /** Takes back what was said of a topic that is not what it was. */
  takeBack(stream: Stream): void;
};

/** So often within the time that a record is kept is the newest number told: none is removed untold. */
const TIMES_WITHIN_RETENTION = 32;
const LONGEST_PERIOD_MS = 600_000;
const SHORTEST_PERIOD_MS = 1_000;

/** Nothing is said of a stream whose topic keeps everything. What could not be said is said again with the next change. */
export function createTellNumbering(statements: Statements, log: Log): TellNumbering {
  const told = new Map<string, Told>();

  return {
    async tell(numbering) {
      const { stream, history } = numbering;
      const before = toldOf(stream);
      if (before.sending) return;
      const start = `${history.table.epoch}:${history.first()}`;
      if (numbering.startIsGone() && start !== before.start) {
        before.start = start;
        await say(numbering, 'start');
      }
      const period = periodOf(stream);
      if (period === undefined || performance.now() - before.endAt < period) return;
      await sayEnd(numbering);
    },
    async finish(numberings) {
      for (const numbering of numberings) if (periodOf(numbering.stream) !== undefined) await sayEnd(numbering);
      await Promise.all([...told.values()].map(({ sending }) => sending));
    },
    takeBack(stream) {
      if (stream.retentionMs === undefined && toldOf(stream).start === undefined) return;
      told.delete(stream.name);
      for (const kind of ['start', 'end'] as const) send(stream, kind, undefined);
    },
  };

  async function sayEnd(numbering: StreamNumbering): Promise<void> {
    const before = toldOf(numbering.stream);
    const offsets = numbering.reached().map(({ partition, nextOffset }) => `${partition}:${nextOffset}`);
    const end = `${numbering.history.version()} ${offsets.join()}`;
    if (end === before.end) return;
    before.end = end;
    before.endAt = performance.now();
    await say(numbering, 'end');
  }

  /** Only what is said is looked up here; that it is written is not waited for. */
  async function say({ stream, history, reached }: StreamNumbering, kind: Kind): Promise<void> {
    const statement = await history.statement(kind, reached());
    if (statement) send(stream, kind, statement);
  }

  function send(stream: Stream, kind: Kind, statement: Statement | undefined) {
    const before = toldOf(stream);
    const sending = statements
      .say(stream, kind, statement)
      .catch((err: unknown) => {
        log.warn({ err, stream: stream.name }, 'where the numbering stands could not be written to Kafka');
        before.start = undefined;
        before.end = undefined;
      })
      .finally(() => {
        if (before.sending === sending) before.sending = undefined;
      });
    before.sending = sending;
  }

  function toldOf({ name }: Stream): Told {
    const before = told.get(name) ?? {
      start: undefined,
      end: undefined,
      endAt: Number.NEGATIVE_INFINITY,
      sending: undefined,
    };
    told.set(name, before);
    return before;
  }
}

function periodOf({ retentionMs }: Stream): number | undefined {
  if (retentionMs === undefined) return undefined;
  return Math.max(SHORTEST_PERIOD_MS, Math.min(LONGEST_PERIOD_MS, retentionMs / TIMES_WITHIN_RETENTION));
}
