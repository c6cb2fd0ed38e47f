import { waitUntil } from '@millrace/testing/wait-until';
import { z } from 'zod';

const placed = z.looseObject({
  event_id: z.string(),
  duration: z.number(),
  position: z.object({ index: z.number(), partition: z.number(), offset: z.number(), appended_at: z.string() }),
});
export type Placed = z.output<typeof placed>;

const PAGE = 1_000;

export type Answer = { readonly status: number; readonly body: unknown; readonly headers: Headers };

export async function ask(url: string, path: string): Promise<Answer> {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** Resolves once the stream has `count` numbered events. */
export async function untilCounted(url: string, stream: string, count: number): Promise<void> {
  const last = `/${stream}?index=${count - 1}`;
  await waitUntil(
    () => ask(url, last),
    ({ status }) => status === 200,
    { withinMs: 60_000, everyMs: 20 },
  );
}

/** The whole history as text, page by page, as the analyzer writes it. */
export async function wholeHistory(url: string, stream: string, count: number): Promise<string[]> {
  const pages: string[] = [];
  for (let from = 0; from < count; from += PAGE) {
    const response = await fetch(`${url}/${stream}?from_index=${from}&limit=${PAGE}`);
    pages.push(await response.text());
  }
  return pages;
}

export const placedEvents = (pages: readonly string[]): Placed[] =>
  pages.flatMap((page) => z.array(placed).parse(JSON.parse(page)));
