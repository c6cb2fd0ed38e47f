import { runThread } from '@millrace/core/thread/run-thread';
import { openWriter } from './open-writer.ts';
import type { WriterAnswers, WriterEvents, WriterSettings } from './writer-messages.ts';

/** The writing thread: storing records does not delay answers of the main thread. */
await runThread<WriterSettings, WriterAnswers, WriterEvents>('storage', async ({ settings, use, log, report }) => {
  const check = await openWriter({ ...settings, use, log, events: report });
  return { check: async () => check() };
});
