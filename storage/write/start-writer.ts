import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Check, Verdict } from '@millrace/core/service/health';
import { startThread } from '@millrace/core/service/start-thread';
import type { FromWriter, Report, ToWriter, WriterEvents, WriterSettings } from './writer-messages.ts';

export type Writer = {
  /** Whether records are stored as they come. */
  readonly check: Check;
  /** Rejects when writing has ended by itself. */
  readonly done: Promise<never>;
  /** Ends after the transactions that have begun. */
  close(): Promise<void>;
};

/** The thread that will store records. It loads at once and waits for what to do. */
export const writerThread = (): Worker => startThread(import.meta.url, './writer-thread');

/**
 * Stores the records of the streams' topics in a thread of its own, so that no batch holds up an answer; resolves once it consumes.
 * The tables and topics have to be there.
 */
export async function startWriter(worker: Worker, settings: WriterSettings, events: WriterEvents): Promise<Writer> {
  const checks = new Map<number, (verdict: Verdict) => void>();
  let lastId = 0;
  let closing = false;
  const { promise: started, resolve: start } = withResolvers();
  const { promise: done, reject: fail } = withResolvers<never>();
  done.catch(() => undefined);
  worker.on('message', receive);
  worker.on('error', fail);
  worker.on('exit', (code) => {
    if (!closing) fail(new Error(`the writing thread ended with ${code}`));
  });
  worker.postMessage(settings);
  await Promise.race([started, done]);

  return {
    done,
    check() {
      lastId += 1;
      const id = lastId;
      post({ kind: 'check', id });
      return new Promise((resolve) => checks.set(id, resolve));
    },
    async close() {
      closing = true;
      const ended = once(worker, 'exit');
      post({ kind: 'close' });
      const [code] = await ended;
      if (code !== 0) throw new Error(`the writing thread ended with ${code}`);
    },
  };

  function receive(message: FromWriter): void {
    switch (message.kind) {
      case 'started':
        start();
        break;
      case 'report':
        report(message);
        break;
      case 'verdict':
        checks.get(message.id)?.(message.verdict);
        checks.delete(message.id);
        break;
      case 'failed':
        fail(message.error);
    }
  }

  function report<Name extends keyof WriterEvents>({ name, of }: Report<Name>): void {
    events[name](...of);
  }

  function post(message: ToWriter) {
    worker.postMessage(message);
  }
}
