import { setImmediate as nextTurn } from 'node:timers/promises';

/** Answers go before writing, which is done a little at a time and stands back while an answer is in the making. */
export type Precedence = {
  /** Does what an answer needs. */
  answer<Result>(work: () => Promise<Result>): Promise<Result>;
  /** For writing, between one part and the next: gives requests their turn, and waits for their answers, though not for long. */
  giveWay(): Promise<void>;
};

type PrecedenceLimits = {
  /** How long after an answer writing still stands back: the next question often comes at once. */
  readonly afterMs: number;
  /** How long writing stands back at a time: however much is asked, it goes on. */
  readonly atMostMs: number;
};

export function createPrecedence({ afterMs, atMostMs }: PrecedenceLimits): Precedence {
  const waiting = new Set<() => void>();
  let answering = 0;

  return {
    async answer(work) {
      answering += 1;
      try {
        return await work();
      } finally {
        setTimeout(answered, afterMs).unref();
      }
    },
    async giveWay() {
      await nextTurn();
      if (answering > 0) await untilAnswered();
    },
  };

  function answered() {
    answering -= 1;
    if (answering === 0) for (const goOn of waiting) goOn();
  }

  function untilAnswered(): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        waiting.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, atMostMs);
      waiting.add(goOn);
    });
  }
}
