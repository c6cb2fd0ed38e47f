import { avscType } from '@millrace/core/schema/avsc-type';
import type { Stream } from '@millrace/core/schema/stream';
import type { Batch } from '@millrace/core/stream/consume';
import type { Registry } from '@millrace/core/stream/open-registry';
import { HEADER_BYTES, schemaIdOf } from '@millrace/core/stream/wire-format';
import { appendTimeOf } from '../store/append-time.ts';
import type { AvroBytes } from './avro-bytes.ts';
import { fastColumn } from './fast-column.ts';
import { endOf, type ReadBlock } from './read-block.ts';

/**
 * Compiles the quick way of a stream's batches into blocks: straight from the bytes of the records into cells, without a value
 * in between. It is for a batch of records that were all written under the stream's own schema, whose fields have no parts, and
 * that can all be used. For any other batch it answers undefined, and `blockReader` is to read it.
 */
export function fastBlockReader(
  stream: Stream,
  registry: Pick<Registry, 'writerType'>,
): (batch: Batch, time: number) => Promise<ReadBlock | undefined> {
  const columns = stream.fields.map(fastColumn);
  const starts = columns.flatMap((start) => start ?? []);
  const type = avscType(stream.avro);
  const ownIds = new Map<number, boolean>();

  return async (batch, time) => {
    if (starts.length < columns.length) return undefined;
    for (const { value } of batch.records) {
      const id = value ? schemaIdOf(value) : undefined;
      if (id === undefined || !(ownIds.get(id) ?? (await askIfOwn(id)))) return undefined;
    }
    return readFast(batch, time);
  };

  async function askIfOwn(id: number): Promise<boolean> {
    const writer = await registry.writerType(id);
    const own = writer !== undefined && type.equals(writer);
    ownIds.set(id, own);
    return own;
  }

  function readFast(batch: Batch, time: number): ReadBlock | undefined {
    const { partition, records } = batch;
    const started = starts.map((start) => start(records.length));
    const times = new Float64Array(records.length);
    const appendTimes = new Float64Array(records.length);
    const offsets = new BigInt64Array(records.length);
    const source: AvroBytes = { bytes: new Uint8Array(), at: 0 };
    let orderTime = time;
    for (const [row, record] of records.entries()) {
      const { value, offset } = record;
      const appendTime = appendTimeOf(record);
      if (!value) return undefined;
      source.bytes = value;
      source.at = HEADER_BYTES;
      for (const column of started) if (!column.take(source, row)) return undefined;
      if (source.at !== value.length) return undefined;
      orderTime = Math.max(orderTime, appendTime);
      times[row] = orderTime;
      appendTimes[row] = appendTime;
      offsets[row] = offset;
    }
    const end = endOf(batch, orderTime);
    const cells = started.map((column) => column.cells());
    return { block: { partition, times, appendTimes, offsets, cells, end }, end, faults: [], removals: [] };
  }
}
