import { createRequire } from 'node:module';
import type { Kafka as KafkajsClient } from 'kafkajs';
import { type Codec, createDecompressors } from './codecs.ts';
import { groupByPartition } from './group-by-partition.ts';
import { type BatchReaders, createBatchesReader } from './read-batches.ts';
import { createRecordDecoder } from './record-decoder.ts';
import { createRecordEncoder } from './record-encoder.ts';

export type Kafkajs = typeof import('kafkajs');

/** The version whose inside is known here. It is the last one, of 2023. */
const VERSION = '2.2.4';
const require = createRequire(import.meta.url);

/**
 * kafkajs, changed in these places and no others; decision 0007 says why. Throws when one of them is not as it was.
 *
 * - What costs most of producing and consuming answers the same in a fraction of the time: the encoder and the decoder of a
 *   record, and the sorting of a request's records by partition.
 * - Batches that can't be read stop their partition, rather than every consumer that meets them.
 * - A topic that is missing is one that has no partitions, rather than an error that stops all others of a client.
 * - All of Kafka's codecs are read, with a bound on what they grow to.
 * - A timer that asks every millisecond whether requests wait, and that Node 24 warns of, runs only when some do.
 */
export function loadKafkajs(): Kafkajs {
  const { version }: { version: string } = require('kafkajs/package.json');
  requireVersion(version);
  replace('kafkajs/src/protocol/recordBatch/record/v0', createRecordEncoder);
  replace('kafkajs/src/protocol/recordBatch/record/v0/decoder', createRecordDecoder);
  replace('kafkajs/src/producer/groupMessagesPerPartition', () => groupByPartition);
  replace('kafkajs/src/protocol/requests/fetch/v4/decodeMessages', (original: BatchReaders['readOldMessages']) => {
    const Decoder = require('kafkajs/src/protocol/decoder');
    return createBatchesReader({
      readBatch: require('kafkajs/src/protocol/recordBatch/v0/decoder'),
      readOldMessages: original,
      createDecoder: (bytes) => new Decoder(bytes),
    });
  });
  replace('kafkajs/src/protocol/requests/metadata/v0/response', (original: MetadataResponse) => ({
    ...original,
    parse: (metadata: Metadata) => original.parse(withoutMissing(metadata)),
  }));
  const kafkajs: Kafkajs = require('kafkajs');
  registerCodecs(kafkajs);
  rest(require('kafkajs/src/network/requestQueue').prototype);
  return kafkajs;
}

export function requireVersion(version: string): void {
  if (version !== VERSION)
    throw new Error(`core/stream/patch-kafkajs.ts changes the inside of kafkajs ${VERSION}; this is ${version}`);
}

/**
 * The same client, with an admin that counts the records of open transactions where it says where topics end. kafkajs has
 * its admin ask for the last *stable* offset, before which a transaction still open may bring older records later, and
 * offers no choice; so it is given the isolation level where it makes its cluster.
 */
export function readUncommitted(kafka: KafkajsClient): KafkajsClient {
  const key = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const createCluster: unknown = key && Reflect.get(kafka, key);
  if (!key || typeof createCluster !== 'function') throw new Error('unsupported kafkajs internals: no createCluster');
  return Object.create(kafka, {
    [key]: { value: (options: object) => createCluster({ ...options, isolationLevel: READ_UNCOMMITTED }) },
  });
}

const READ_UNCOMMITTED = 0;

function replace<Original>(path: string, replacement: (original: Original) => unknown): void {
  const original: Original = require(path);
  const loaded = require.cache[require.resolve(path)];
  if (!loaded) throw new Error(`unsupported kafkajs internals: ${path} is not in the require cache`);
  loaded.exports = replacement(original);
}

function registerCodecs({ CompressionTypes, CompressionCodecs }: Kafkajs): void {
  const decompressors = createDecompressors();
  const types: Record<Codec, number> = {
    gzip: CompressionTypes.GZIP,
    snappy: CompressionTypes.Snappy,
    lz4: CompressionTypes.LZ4,
    zstd: CompressionTypes.ZSTD,
  };
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const registered = { compress: refuseToCompress, decompress: decompressors[codec] };
    Reflect.set(CompressionCodecs, types[codec], () => registered);
  }
}

async function refuseToCompress(): Promise<never> {
  throw new Error('the platform writes records as they are; a topic compresses them by its own `compression.type`');
}

type Metadata = { readonly topicMetadata: readonly { readonly topicErrorCode: number }[] };
type MetadataResponse = { parse(metadata: Metadata): Promise<Metadata> };

const UNKNOWN_TOPIC_OR_PARTITION = 3;

/** A client asks for all topics that it has met at once, and kafkajs fails at the first one that is missing. */
function withoutMissing(metadata: Metadata): Metadata {
  const { topicMetadata } = metadata;
  const found = topicMetadata.filter(({ topicErrorCode }) => topicErrorCode !== UNKNOWN_TOPIC_OR_PARTITION);
  return found.length === topicMetadata.length ? metadata : { ...metadata, topicMetadata: found };
}

type RequestQueue = { readonly pending: readonly unknown[]; readonly throttledUntil: number };

/** kafkajs sets the timer also when there is nothing to send and no throttling to wait out: then its time has passed already. */
function rest(queue: { scheduleCheckPendingRequests(this: RequestQueue): void }): void {
  const schedule = queue.scheduleCheckPendingRequests;
  if (typeof schedule !== 'function') throw new Error('unsupported kafkajs internals: no scheduleCheckPendingRequests');
  queue.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
