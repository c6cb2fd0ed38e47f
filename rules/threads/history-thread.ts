import { runThread } from '@millrace/core/thread/run-thread';
import { openHistoryWork } from '../dry/open-history-work.ts';
import type { HistoryAnswers, HistoryEvents, ThreadSettings } from './thread-messages.ts';

/** The thread that reads history: for dry runs, and to fill gaps. */
await runThread<ThreadSettings, HistoryAnswers, HistoryEvents>('rules', openHistoryWork);
