import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';
import type { Config } from '../config/read-config.ts';
import { createLog, type Log } from '../log/create-log.ts';
import { createParts, type Use } from '../service/parts.ts';
import {
  callByName,
  type FromThread,
  type Questions,
  type Reports,
  sendable,
  type ToThread,
} from './thread-messages.ts';
import { workAfterAnswers } from './work-after-answers.ts';

type Opened<Settings, Events> = {
  readonly settings: Settings;
  readonly use: Use;
  readonly log: Log;
  /** Sends events to the other side; nothing waits for them. */
  readonly report: Events;
};

/**
 * Runs a part of a service in this worker thread, for `openThread`: opens it, answers what it is asked, and closes what it used in the end.
 * Answers of the main thread come first where cores are short.
 * @param name of the service, in log lines
 */
export async function runThread<
  Settings extends { readonly config: Pick<Config, 'logLevel'> },
  Answers extends Questions<Answers>,
  Events extends Reports<Events>,
>(name: string, open: (given: Opened<Settings, Events>) => Promise<Answers>): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('this file runs as a worker thread');
  workAfterAnswers();
  const [settings]: Settings[] = await once(port, 'message');
  if (!settings) throw new Error('a message is never empty');
  const log = createLog({ name, level: settings.config.logLevel });
  const parts = createParts({ log, onFailure: (error) => post({ kind: 'failed', error }) });
  const opening = open({ settings, use: parts.use, log, report: reporter() });
  port.on('message', (message: ToThread) => void receive(message));
  await opening;
  post({ kind: 'started' });

  async function receive(message: ToThread): Promise<void> {
    if (message.kind === 'ask') return answer(message);
    const isClean = await parts.close();
    process.exit(isClean ? 0 : 1);
  }

  async function answer({ id, name: question, of }: ToThread & { readonly kind: 'ask' }): Promise<void> {
    try {
      post({ kind: 'answer', id, answer: await callByName(await opening, question, of) });
    } catch (error) {
      post({ kind: 'refusal', id, error, problem: sendable(error) });
    }
  }

  function reporter(): Events {
    const report =
      (event: string) =>
      (...of: unknown[]) =>
        post({ kind: 'report', name: event, of });
    return new Proxy({}, { get: (_, event) => report(String(event)) }) as Events;
  }

  function post(message: FromThread): void {
    port?.postMessage(message);
  }
}
