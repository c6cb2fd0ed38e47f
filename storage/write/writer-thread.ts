import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';
import { createLog } from '@millrace/core/log/create-log';
import { messageOf } from '@millrace/core/problem/message-of';
import type { Check, Verdict } from '@millrace/core/service/health';
import { createParts } from '@millrace/core/service/parts';
import { workAfterAnswers } from '@millrace/core/service/work-after-answers';
import { openWriter } from './open-writer.ts';
import type { FromWriter, Report, ToWriter, WriterEvents, WriterSettings } from './writer-messages.ts';

/** The writing thread: storing records does not delay answers of the main thread. Its first message says what to store. */

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');
workAfterAnswers();
const [settings]: WriterSettings[] = await once(port, 'message');
if (!settings) throw new Error('a message is never empty');

const log = createLog({ name: 'storage', level: settings.config.logLevel });
const parts = createParts({ log, onFailure: (error) => post({ kind: 'failed', error }) });
const events: WriterEvents = {
  stored: reporter('stored'),
  retried: reporter('retried'),
  replaced: reporter('replaced'),
  missed: reporter('missed'),
  expired: reporter('expired'),
  lags: reporter('lags'),
  unreadable: reporter('unreadable'),
};
const opening = openWriter({ ...settings, use: parts.use, log, events });
port.on('message', (message: ToWriter) => void receive(message));
await opening;
post({ kind: 'started' });

async function receive(message: ToWriter): Promise<void> {
  if (message.kind === 'check') post({ kind: 'verdict', id: message.id, verdict: await verdictOf(await opening) });
  else {
    const closed = await parts.close();
    process.exit(closed ? 0 : 1);
  }
}

async function verdictOf(check: Check): Promise<Verdict> {
  try {
    return await check();
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}

function reporter<Name extends keyof WriterEvents>(name: Name) {
  return (...of: Report<Name>['of']): void => post({ kind: 'report', name, of } as Report);
}

function post(message: FromWriter) {
  port?.postMessage(message);
}
