import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { createAuthenticate } from '@millrace/core/access/authenticate';
import { isScope } from '@millrace/core/access/scopes';
import { loggedUrl } from '@millrace/core/http/logged-url';
import { describe, expect, it } from 'vitest';
import { isName } from '../account/account.ts';
import { networkOf } from '../secret/network-of.ts';
import { clientCredentials } from './client-credentials.ts';
import { givenToken } from './given-token.ts';
import { formParameters } from './parameters.ts';

const LENGTH = 100_000;
/** A linear pattern takes under a millisecond; one that tries every split of the text would take minutes. */
const WITHIN_MS = 500;

/** What makes a pattern that can be split in several ways try them all: a long run of what it repeats, and an end that it refuses. */
const runs = ['a', ' ', '-', '.', '=', '+', '/', ':', '&', '%', '0', 'a-', 'a.', '. ', ' =', '0:', '?token='];
const ends = ['', '!', '\u0000', '\n', 'é'];
const hostile = runs.flatMap((run) => ends.map((end) => run.repeat(LENGTH / run.length) + end));

const authenticate = createAuthenticate('required', () => ({ subject: '', clientId: '', scopes: new Set() }));
const token = (text: string) => ({ values: new Map([['token', text]]), faults: [] });
const none = { values: new Map<string, string>(), faults: [] };

/** Every pattern that auth and core/access use on what a client sends, by the function that does. */
const users: readonly [string, (text: string) => unknown][] = [
  ['a bearer token (BEARER)', (text) => authenticate(requestWith(`Bearer ${text}`))],
  ['a scheme (SCHEME)', (text) => clientCredentials(text, none)],
  ['a Basic header (BASE64)', (text) => clientCredentials(`Basic ${text}`, none)],
  ['a token (JWT)', (text) => givenToken(token(text))],
  ['a name (NAME)', isName],
  ['a scope (SCOPE)', (text) => isScope(`read:${text}`)],
  ['an address', (text) => networkOf(`::${text}`)],
  ['a form', (text) => formParameters(Buffer.from(text), ['token'])],
  ['a logged target (SECRET)', (text) => loggedUrl(`/?${text}`)],
];

function requestWith(authorization: string): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  req.headers.authorization = authorization;
  return req;
}

function millisecondsOf(work: () => unknown): number {
  const started = performance.now();
  try {
    work();
  } catch {
    // Refusing is right; only the time counts.
  }
  return performance.now() - started;
}

describe.each(users)('%s', (_, use) => {
  it('takes no longer for the worst text than its length asks for', () => {
    const slowest = Math.max(...hostile.map((text) => millisecondsOf(() => use(text))));

    expect(slowest).toBeLessThan(WITHIN_MS);
  });
});
