import type { Worker } from 'node:worker_threads';
import { openThread, type Thread } from '@millrace/core/thread/open-thread';
import { startThread } from '@millrace/core/thread/start-thread';
import type { WriterAnswers, WriterEvents, WriterSettings } from './writer-messages.ts';

/** The thread that will store records. It loads at once and waits for what to do. */
export const writerThread = (): Worker => startThread(import.meta.url, './writer-thread');

/**
 * Stores the records of the streams' topics in a thread of its own, so that no batch holds up an answer; resolves once it consumes.
 * The tables and topics have to be there.
 */
export const startWriter = (
  worker: Worker,
  settings: WriterSettings,
  events: WriterEvents,
): Promise<Thread<WriterAnswers>> => openThread<WriterAnswers, WriterEvents>(worker, settings, events);
