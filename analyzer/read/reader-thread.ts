import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';
import { createLog } from '@millrace/core/log/create-log';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { workAfterAnswers } from '@millrace/core/thread/work-after-answers';
import { TopicChanged } from '../order/topic-changed.ts';
import type { ReadBlock } from './read-block.ts';
import { readTopics } from './read-topics.ts';
import type { FromReader, ReaderSettings, ToReader } from './reader-messages.ts';

/** The reading thread: decoding records there does not delay answers of the main thread. Its first message says what to read. */

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');
workAfterAnswers();
const [settings]: ReaderSettings[] = await once(port, 'message');
if (!settings) throw new Error('a message is never empty');
const log = createLog({ name: 'analyzer', level: settings.logLevel });
const taken = new Map<number, () => void>();
let lastId = 0;

const kafka = connectKafka({ brokers: settings.brokers, clientId: 'millrace-analyzer', log });
const admin = await kafka.openAdmin();
const consumption = await readTopics({
  ...settings,
  ...{ kafka, admin, log },
  registry: openRegistry(settings.registryUrl),
  onRead(topic, partition, read) {
    lastId += 1;
    post({ kind: 'read', id: lastId, topic, partition, read }, buffersOf(read));
    const id = lastId;
    return new Promise((resolve) => taken.set(id, resolve));
  },
  onWriter: (topic, schemaId) => post({ kind: 'writer', topic, schemaId }),
  onUnreadable: (partitions) => post({ kind: 'unreadable', partitions }),
  onSkipped: (topic, partition, nextOffset) => post({ kind: 'skipped', topic, partition, nextOffset }),
});
consumption.done.catch((error: unknown) => {
  if (error instanceof TopicChanged) post({ kind: 'changed', topic: error.stream.topic, reason: error.reason });
  else post({ kind: 'failed', error });
});
port.on('message', receive);
post({ kind: 'started' });

function receive(message: ToReader) {
  switch (message.kind) {
    case 'taken':
      taken.get(message.id)?.();
      taken.delete(message.id);
      break;
    case 'pause':
    case 'resume':
      consumption[message.kind](message.topic, message.partition);
      break;
    case 'close':
      void close();
  }
}

async function close() {
  for (const resolve of taken.values()) resolve();
  await consumption.close();
  await admin.close();
  post({ kind: 'closed' });
  port?.close();
}

function post(message: FromReader, buffers: ArrayBuffer[] = []) {
  port?.postMessage(message, buffers);
}

/** What changes hands rather than being copied. */
function buffersOf({ block }: ReadBlock): ArrayBuffer[] {
  if (!block) return [];
  const cells = block.cells.flatMap((each) => {
    if (each.kind === 'bytes') return [each.data.buffer, each.bounds.buffer];
    return each.kind === 'fixed' ? [each.data] : [];
  });
  return [block.times.buffer, block.appendTimes.buffer, block.offsets.buffer, ...cells];
}
