import { messageOf } from '@millrace/core/problem/message-of';
import { type Dispatcher, request } from 'undici';
import { type Guard, RefusedAddress } from '../address/guard.ts';
import { signedHeaders } from '../sign/sign.ts';
import type { Attempt } from './attempt.ts';
import { openAgent } from './open-agent.ts';
import { retryAfterMs } from './retry-after.ts';

/** Where events go, and what they are signed with. */
export type Target = { readonly url: string; readonly secrets: readonly string[] };

export type Sent = { readonly id: string; readonly body: Buffer };

export type Send = {
  /** One try. Never throws for what an endpoint does; undefined where the signal ended it. */
  send(target: Target, sent: Sent, signal: AbortSignal): Promise<Attempt | undefined>;
  close(): Promise<void>;
};

export type SendOptions = { readonly guard: Guard; readonly timeoutMs: number };

const MOST_REDIRECTS = 3;
const READ_BYTES = 16_384;
const SHOWN_CHARACTERS = 500;
/** Redirects that keep method and body (RFC 9110, sections 15.4.8 and 15.4.9). */
const KEEPS_BODY = new Set([307, 308]);
const GONE = 410;

/** Sends events to endpoints, each try bounded in time and in what is read of the answer. */
export function createSend({ guard, timeoutMs }: SendOptions): Send {
  const agent = openAgent(guard, timeoutMs);

  return {
    async send(target, { id, body }, signal) {
      const ended = new AbortController();
      const onAbort = () => ended.abort();
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      const timer = setTimeout(onAbort, timeoutMs);
      const [at, began] = [Date.now(), performance.now()];
      const result = (given: Partial<Attempt>): Attempt => ({
        ...{ at, durationMs: Math.round(performance.now() - began), status: undefined, error: undefined },
        ...{ response: undefined, retryAfterMs: undefined, isGone: false },
        ...given,
      });
      try {
        const headers = {
          ...signedHeaders(id, at, body, target.secrets),
          ...{ 'content-type': 'application/json', 'user-agent': 'Millrace-Deliveries/1.0' },
        };
        return result(await follow(target.url, { headers, body, signal: ended.signal }));
      } catch (error) {
        if (signal.aborted) return undefined;
        if (ended.signal.aborted) return result({ error: `did not answer within ${timeoutMs / 1_000} s` });
        return result({ error: reasonOf(error) });
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      }
    },
    close: () => agent.destroy(),
  };

  async function follow(url: string, init: Init, redirects = 0): Promise<Partial<Attempt>> {
    const { statusCode: status, headers, body } = await request(url, { ...init, method: 'POST', dispatcher: agent });
    const response = await beginningOf(body);
    const answered = { status, response };
    if (status >= 200 && status < 300) return answered;
    if (status < 300 || status >= 400) {
      const asked = retryAfterMs(textOf(headers['retry-after']), Date.now());
      return { ...answered, error: `answered ${status}`, retryAfterMs: asked, isGone: status === GONE };
    }
    const location = textOf(headers.location);
    const refused = (why: string) => ({ ...answered, error: `answered ${status}: ${why}` });
    if (!KEEPS_BODY.has(status)) return refused('only the redirects 307 and 308 are followed');
    if (location === undefined || !URL.canParse(location, url)) return refused('it names no address to go to');
    if (redirects >= MOST_REDIRECTS) return refused(`more than ${MOST_REDIRECTS} redirects are not followed`);
    const next = new URL(location, url);
    if (next.protocol !== 'https:' && next.protocol !== new URL(url).protocol)
      return refused('a redirect from https is only followed to https');
    try {
      return await follow(next.href, init, redirects + 1);
    } catch (error) {
      if (init.signal.aborted) throw error;
      return refused(`the address that it names: ${reasonOf(error)}`);
    }
  }
}

type Init = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal: AbortSignal;
};

/** Reads on past what is shown, so that the connection can be kept; an answer that is longer than that is cut off. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    chunks.push(buffer);
    if (bytes >= READ_BYTES) break;
  }
  return printable(Buffer.concat(chunks).toString('utf8')) || undefined;
}

/** Without what a terminal would obey. */
const printable = (text: string): string =>
  text
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, SHOWN_CHARACTERS);

const textOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'broke the connection off',
  UND_ERR_SOCKET: 'broke the connection off',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name can not be looked up now',
  UND_ERR_CONNECT_TIMEOUT: 'can not be connected to in time',
  UND_ERR_HEADERS_OVERFLOW: 'its answer has too large headers',
};

function reasonOf(error: unknown): string {
  if (error instanceof RefusedAddress) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    (Object.hasOwn(WORDS, code) ? WORDS[code] : undefined) ?? printable(messageOf(error) || code || 'the call failed')
  );
}
