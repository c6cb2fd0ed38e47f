import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Stream } from '@millrace/core/schema/stream';
import { TopicChanged } from '../order/topic-changed.ts';
import type { ReadOptions } from './read-topics.ts';
import type { FromReader, ReaderSettings, ToReader } from './reader-messages.ts';

export type Reader = {
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** Rejects when reading has ended by itself; with `TopicChanged` when a topic was recreated or truncated. */
  readonly done: Promise<never>;
  close(): Promise<void>;
};

export type ReaderEvents = Pick<ReadOptions, 'onRead' | 'onSkipped' | 'onUnreadable' | 'onWriter'>;

/** What is read, and where each partition starts. */
export type ReadRequest = Pick<ReaderSettings, 'groupId' | 'streams' | 'starts'>;

/** Opens a reader of the streams, and resolves once it reads. */
export type OpenReader = (what: ReadRequest, events: ReaderEvents) => Promise<Reader>;

type ReaderOptions = Omit<ReaderSettings, keyof ReadRequest> & { readonly thread: () => Worker };

/** Opens readers that are each a thread of their own. */
export const threadReaders =
  (options: ReaderOptions): OpenReader =>
  (what, events) =>
    openReader({ ...options, ...what }, events);

/** Has a thread begin to read, and resolves once it does. */
async function openReader(
  { thread, ...settings }: ReaderSettings & { readonly thread: () => Worker },
  { onRead, onSkipped, onUnreadable, onWriter }: ReaderEvents,
): Promise<Reader> {
  const worker = thread();
  let closing = false;
  const { promise: started, resolve: start } = withResolvers();
  const { promise: done, reject: fail } = withResolvers<never>();
  done.catch(() => undefined);
  worker.on('message', (message: FromReader) => void receive(message).catch(fail));
  worker.on('error', fail);
  worker.on('exit', (code) => {
    if (!closing) fail(new Error(`the reading thread ended with ${code}`));
  });
  worker.postMessage(settings);
  try {
    await Promise.race([started, done]);
  } catch (error) {
    closing = true;
    await worker.terminate();
    throw error;
  }

  return {
    pause: (topic, partition) => post({ kind: 'pause', topic, partition }),
    resume: (topic, partition) => post({ kind: 'resume', topic, partition }),
    done,
    async close() {
      closing = true;
      const ended = once(worker, 'exit');
      post({ kind: 'close' });
      await ended;
    },
  };

  async function receive(message: FromReader): Promise<void> {
    switch (message.kind) {
      case 'started':
        start();
        break;
      case 'read':
        await onRead(message.topic, message.partition, message.read);
        post({ kind: 'taken', id: message.id });
        break;
      case 'skipped':
        onSkipped(message.topic, message.partition, message.nextOffset);
        break;
      case 'unreadable':
        onUnreadable(message.partitions);
        break;
      case 'writer':
        onWriter(message.topic, message.schemaId);
        break;
      case 'changed':
        fail(new TopicChanged(streamOf(message.topic), message.reason));
        break;
      case 'failed':
        fail(message.error);
    }
  }

  function streamOf(topic: string): Stream {
    const stream = settings.streams.find((each) => each.topic === topic);
    if (!stream) throw new Error(`${topic} is not a topic of these streams`);
    return stream;
  }

  function post(message: ToReader) {
    worker.postMessage(message);
  }
}
