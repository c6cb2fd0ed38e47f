import { reasonOf } from '@millrace/core/problem/reason-of';
import { type StackState, writeState } from './stack-state.ts';

const AGAIN_AFTER_MS = 1_000;

type KeepStateOptions = {
  readonly dataDir: string;
  /** What the file is to say now. */
  readonly read: () => StackState;
  readonly say: (line: string) => void;
};

/**
 * Keeps `stack.json` true: what is returned is called after each change and resolves once the file was written or could
 * not be. With a full disk the parts keep running, and the file is old until it can be written again.
 */
export function keepState({ dataDir, read, say }: KeepStateOptions): () => Promise<void> {
  let writing = Promise.resolve();
  let trouble: string | undefined;
  let isDue = false;

  async function attempt(): Promise<void> {
    try {
      await writeState(dataDir, read());
      if (trouble) say('stack.json is written again');
      trouble = undefined;
    } catch (error) {
      const reason = reasonOf(error);
      if (trouble !== reason) say(`stack.json cannot be written: ${reason}`);
      trouble = reason;
      if (!isDue) setTimeout(attemptAgain, AGAIN_AFTER_MS).unref();
      isDue = true;
    }
  }
  function attemptAgain(): void {
    isDue = false;
    void write();
  }
  function write(): Promise<void> {
    writing = writing.then(attempt);
    return writing;
  }
  return write;
}
