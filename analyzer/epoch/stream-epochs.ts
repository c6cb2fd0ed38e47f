import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import type { WriterType } from '../evolution/table-incompatibility.ts';
import type { NumberingSnapshot } from '../snapshot/numbering-snapshot.ts';
import { dropEpochs, loadEpochs, promoteEpoch, type StreamTable, startEpoch } from '../store/catalog.ts';
import { beginAt, setAuthoritative } from '../store/numbering-start.ts';
import type { Database } from '../store/open-database.ts';
import { type History, openHistory } from '../store/open-history.ts';
import { openTables } from '../store/open-tables.ts';

type EpochsOptions = { readonly database: Database; readonly writerType: WriterType; readonly log: Log };

/**
 * The histories of one stream: the one that answers, and while the topic is read again the one that will take its place.
 * Nothing but the numbering loop may call what returns a promise, for it shares the writing connection.
 */
export type StreamEpochs = {
  readonly stream: Stream;
  serving(): History;
  /** The epoch that is being built beside the serving one. */
  building(): History | undefined;
  /** The history that follows the topic: the one being built, or else the one that answers. */
  followed(): History;
  /** Begins a new epoch, in place of one that was being built. An empty history is replaced at once. */
  restart(): Promise<void>;
  /** Lets the history that follows the topic, which must be empty, begin where the snapshot says. */
  beginAt(snapshot: NumberingSnapshot): Promise<void>;
  /** Notes whether the numbers of the history that follows the topic are shared, or provisional. */
  setAuthoritative(authoritative: boolean): Promise<void>;
  /** Lets the epoch that was built answer. */
  promote(): Promise<void>;
  /** Drops the tables that no request can be reading any more. */
  dropRetired(): Promise<void>;
};

/** A request asks its history more than once; none takes as long. */
const REQUEST_MS = 60_000;

export async function openEpochs(options: EpochsOptions, stream: Stream): Promise<StreamEpochs> {
  const { database, writerType, log } = options;
  const { writer } = database;
  const tables = await openTables({ connection: writer, writerType, log }, stream);
  let serving = await openHistory(database, tables.serving);
  let building = tables.building && (await openHistory(database, tables.building));
  let retiredAt: number | undefined;
  const followed = () => building ?? serving;

  return {
    stream,
    serving: () => serving,
    building: () => building,
    followed,
    async restart() {
      const epochs = await loadEpochs(writer, stream);
      const { epoch: current } = serving.table;
      await dropEpochs(
        writer,
        stream,
        epochs.filter(({ epoch }) => epoch > current),
      );
      const table = await startEpoch(writer, stream, (epochs.at(-1)?.epoch ?? current) + 1);
      building = await openHistory(database, table);
      if (serving.count() === 0n) await promote();
    },
    async beginAt(snapshot) {
      const { table } = followed();
      await beginAt(writer, table, snapshot);
      await reopen(table);
    },
    async setAuthoritative(authoritative) {
      const { table } = followed();
      await setAuthoritative(writer, table, authoritative);
      await reopen(table);
    },
    promote,
    async dropRetired() {
      if (retiredAt === undefined || performance.now() - retiredAt < REQUEST_MS) return;
      retiredAt = undefined;
      const epochs = await loadEpochs(writer, stream);
      await dropEpochs(
        writer,
        stream,
        epochs.filter(({ retired }) => retired),
      );
    },
  };

  async function reopen(table: StreamTable) {
    const history = await openHistory(database, table);
    if (building) building = history;
    else serving = history;
  }

  async function promote() {
    if (!building) return;
    await promoteEpoch(writer, building.table);
    log.info({ stream: stream.name, epoch: building.table.epoch }, 'the new epoch answers now');
    serving = building;
    building = undefined;
    retiredAt = performance.now();
  }
}
