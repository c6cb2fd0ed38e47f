import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { StackError } from '../stack-error.ts';
import type { DemoEvent } from './week-of-events.ts';

export type Posted = { readonly accepted: number; readonly refused: readonly string[] };

type Headers = Readonly<Record<string, string>>;
type PostOptions = { readonly receiverUrl: string; readonly headers: Headers; readonly onPosted: () => void };

const PARALLEL = 16;
const TRIES = 10;

/** One event, tried again for as long as the receiver says that it only has to wait. Answers why it was refused, if so. */
async function postOne(url: string, sent: Headers, body: string, dispatcher: Agent): Promise<string | undefined> {
  for (let tried = 1; ; tried++) {
    const {
      statusCode,
      headers,
      body: answer,
    } = await request(url, {
      method: 'POST',
      headers: { ...sent, 'content-type': 'application/json' },
      body,
      dispatcher,
    });
    const text = await answer.text();
    if (statusCode === 201) return undefined;
    const passes = statusCode === 503 || statusCode === 429;
    if (!passes || tried === TRIES) return `${statusCode} ${text}`;
    await delay(1_000 * Number(headers['retry-after'] ?? 1));
  }
}

/** Posts the events in order, a few at once, as single requests. Its event id makes a repeated one harmless. */
export async function postEvents(
  events: readonly DemoEvent[],
  { receiverUrl, headers, onPosted }: PostOptions,
): Promise<Posted> {
  const dispatcher = new Agent({ connections: PARALLEL });
  const queue = events.values();
  const refused: string[] = [];
  let accepted = 0;
  const lane = async (): Promise<void> => {
    for (const { path, timestamp, record } of queue) {
      const body = JSON.stringify({ ...record, timestamp: new Date(timestamp).toISOString() });
      const reason = await postOne(`${receiverUrl}${path}`, headers, body, dispatcher);
      if (reason) refused.push(`${body}: ${reason}`);
      else accepted++;
      onPosted();
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, lane));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StackError(`The receiver at ${receiverUrl} does not answer (${reason}). make status says what runs.`);
  } finally {
    await dispatcher.close();
  }
  return { accepted, refused };
}
