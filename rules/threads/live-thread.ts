import { runThread } from '@millrace/core/thread/run-thread';
import { evaluateLive } from '../live/evaluate-live.ts';
import type { LiveEvents, ThreadSettings } from './thread-messages.ts';

/** The thread in which rules are evaluated as events come, so that no batch holds up an answer. */
await runThread<ThreadSettings, object, LiveEvents>('rules', async (given) => {
  await evaluateLive(given);
  return {};
});
