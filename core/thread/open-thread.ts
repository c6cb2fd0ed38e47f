import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { type Resolvers, withResolvers } from '../promise/with-resolvers.ts';
import {
  callByName,
  type FromThread,
  type Questions,
  type Reports,
  received,
  type ToThread,
} from './thread-messages.ts';

/** A part of a service that runs in a thread of its own. */
export type Thread<Answers extends Questions<Answers>> = {
  /** Asks what the thread answers; rejects with its error, or where it ends first. */
  ask<Name extends keyof Answers & string>(name: Name, ...of: Parameters<Answers[Name]>): ReturnType<Answers[Name]>;
  /** Rejects when the thread has ended by itself. */
  readonly done: Promise<never>;
  /** Has it close what it opened, and end. */
  close(): Promise<void>;
};

/**
 * Has a thread open what it runs, and resolves once that is open. `runThread` is its other side.
 * @param settings its first message
 * @param events take what it reports
 */
export async function openThread<Answers extends Questions<Answers>, Events extends Reports<Events>>(
  worker: Worker,
  settings: unknown,
  events: Events,
): Promise<Thread<Answers>> {
  const waiting = new Map<number, Resolvers<unknown>>();
  let lastId = 0;
  let isClosing = false;
  const { promise: started, resolve: start } = withResolvers();
  const { promise: done, reject } = withResolvers<never>();
  done.catch((error: unknown) => {
    for (const { reject: refuse } of waiting.values()) refuse(error);
    waiting.clear();
  });
  worker.on('message', receive);
  worker.on('error', reject);
  worker.on('exit', (code) => {
    if (!isClosing) reject(new Error(`a thread ended with ${code}`));
  });
  worker.postMessage(settings);
  try {
    await Promise.race([started, done]);
  } catch (error) {
    isClosing = true;
    await worker.terminate();
    throw error;
  }

  return {
    done,
    ask(name, ...of) {
      lastId += 1;
      const answer = withResolvers<unknown>();
      waiting.set(lastId, answer);
      post({ kind: 'ask', id: lastId, name, of });
      return answer.promise as ReturnType<Answers[typeof name]>;
    },
    async close() {
      isClosing = true;
      const ended = once(worker, 'exit');
      post({ kind: 'close' });
      const [code] = await ended;
      for (const { reject: refuse } of waiting.values()) refuse(new Error('the thread is closed'));
      if (code !== 0) throw new Error(`a thread ended with ${code}`);
    },
  };

  function receive(message: FromThread): void {
    switch (message.kind) {
      case 'started':
        start();
        break;
      case 'report':
        callByName(events, message.name, message.of);
        break;
      case 'answer':
        waiting.get(message.id)?.resolve(message.answer);
        waiting.delete(message.id);
        break;
      case 'refusal':
        waiting.get(message.id)?.reject(message.problem ? received(message.problem) : message.error);
        waiting.delete(message.id);
        break;
      case 'failed':
        reject(message.error);
    }
  }

  function post(message: ToThread): void {
    worker.postMessage(message);
  }
}
