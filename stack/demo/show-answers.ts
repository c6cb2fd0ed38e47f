import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Terminal } from '../artifacts/progress.ts';

type AnswerOptions = {
  readonly storageUrl: string;
  readonly analyzerUrl: string;
  readonly userId: string;
  /** Sent with each question. */
  readonly headers: Readonly<Record<string, string>>;
  /** When the oldest event happened, in milliseconds since the epoch. */
  readonly from: number;
  readonly out: Terminal;
};

const WAIT_MS = 20_000;

const MOST_CHARACTERS = 600;

async function ask(url: string, headers: AnswerOptions['headers']): Promise<string> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
  return response.text();
}

const progress = z.object({ lag: z.number(), as_of: z.string().nullable() });

/** Until the analyzer knows all that was appended before `since`, or for a while: then it is in every answer. */
export async function waitUntilCounted(
  { analyzerUrl, headers }: Pick<AnswerOptions, 'analyzerUrl' | 'headers'>,
  since: number,
): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (performance.now() < deadline) {
    const stats = await ask(`${analyzerUrl}/stats`, headers).catch(() => '{}');
    const { data } = progress.safeParse(JSON.parse(stats));
    if (data?.lag === 0 && data.as_of !== null && Date.parse(data.as_of) >= since) return;
    await delay(100);
  }
}

/** Prints questions as lines for a shell, each with what it answers right now. */
export async function showAnswers({
  storageUrl,
  analyzerUrl,
  userId,
  headers,
  from,
  out,
}: AnswerOptions): Promise<void> {
  const start = new Date(from).toISOString().slice(0, 10);
  const questions: readonly (readonly [string, string])[] = [
    ['How much was run and heard, in all?', `${analyzerUrl}/stats`],
    ['What was the very first run, and the newest?', `${analyzerUrl}/running?index=0`],
    ['', `${analyzerUrl}/running?index=-1`],
    ['Which runs came first?', `${storageUrl}/stats/running?start_timestamp=${start}T00:00:00Z&limit=2`],
    ['What did this person hear last?', `${storageUrl}/stats/music?user_id=${userId}&order=desc&limit=2`],
  ];
  for (const [question, url] of questions) {
    const answer = await ask(url, headers).catch((error: Error) => error.message);
    const more = answer.length > MOST_CHARACTERS ? '…' : '';
    if (question) out.write(`\n${question}\n`);
    out.write(`  curl -s '${url}'\n  ${answer.slice(0, MOST_CHARACTERS)}${more}\n`);
  }
}
