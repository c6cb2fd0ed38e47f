import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { OpenReader, ReaderEvents, ReadRequest } from '../read/open-reader.ts';

type Opened = { readonly what: ReadRequest; readonly events: ReaderEvents };

/** A reader without a broker: a test gives it what it is to have read. */
export function fakeReader() {
  const opened: Opened[] = [];
  const calls: string[] = [];
  let fail: (error: unknown) => void = () => undefined;

  const open: OpenReader = async (what, events) => {
    opened.push({ what, events });
    const { promise: done, reject } = withResolvers<never>();
    done.catch(() => undefined);
    fail = reject;
    return {
      pause: (topic, partition) => calls.push(`pause ${topic}:${partition}`),
      resume: (topic, partition) => calls.push(`resume ${topic}:${partition}`),
      done,
      async close() {
        calls.push('close');
      },
    };
  };

  return {
    open,
    calls,
    opened,
    /** What the newest reader reports. */
    events() {
      const last = opened.at(-1);
      if (!last) throw new Error('no reader is open');
      return last.events;
    },
    fail: (error: unknown) => fail(error),
  };
}
