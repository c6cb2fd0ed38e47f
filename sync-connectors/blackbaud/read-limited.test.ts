import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readLimited } from './read-limited.ts';
import { blackbaudSettings } from './settings.ts';

const MINUTE = 60_000;

/** A body that sends a byte now and then, for so long. */
function dripping(forMs: number, everyMs: number): Response {
  let sentMs = 0;
  return new Response(
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, everyMs));
        sentMs += everyMs;
        controller.enqueue(Buffer.from(' '));
        if (sentMs >= forMs) controller.close();
      },
    }),
  );
}

describe('a body that takes long', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is read to its end where it takes 20 minutes', async () => {
    const { BLACKBAUD_PAGE_MINUTES } = blackbaudSettings.parse({});
    const read = readLimited(dripping(20 * MINUTE, 30_000), BLACKBAUD_PAGE_MINUTES * MINUTE);

    await vi.advanceTimersByTimeAsync(21 * MINUTE);

    expect(await read).toEqual({ text: ' '.repeat(40) });
  });

  it('is given up when its time is over, and no more of it is asked for', async () => {
    const body = dripping(60 * MINUTE, 30_000);
    const read = readLimited(body, 5 * MINUTE);

    await vi.advanceTimersByTimeAsync(5 * MINUTE);

    expect(await read).toEqual({ fault: 'late' });
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a body that is too large, or that breaks off, is none', async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });

  expect(await readLimited(new Response('x'.repeat(11)), MINUTE, 10)).toEqual({ fault: 'too large' });
  expect(await readLimited(new Response(broken), MINUTE)).toEqual({ fault: 'broken' });
  expect(await readLimited(new Response('né'), MINUTE)).toEqual({ text: 'né' });
});
