/** Lets one loop sleep until there may be work. */
export type Wake = {
  notify(): void;
  /** Resolves on the next `notify`, at once when there was one since the last wait, or after the timeout. */
  wait(timeoutMs: number): Promise<void>;
};

export function createWake(): Wake {
  let notified = false;
  let resolve: (() => void) | undefined;

  return {
    notify() {
      notified = true;
      resolve?.();
    },
    async wait(timeoutMs) {
      if (!notified) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, timeoutMs);
          resolve = () => {
            clearTimeout(timer);
            done();
          };
        });
        resolve = undefined;
      }
      notified = false;
    },
  };
}
