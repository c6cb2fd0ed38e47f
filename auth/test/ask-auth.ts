import { type Answer, answerOf } from '@millrace/testing/ask';
import { expect } from 'vitest';
import { z } from 'zod';

type Fields = Readonly<Record<string, string>>;

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

/** The headers of the clients that every test has. */
export const clients = {
  watch: basic('watch', 'watch-watch'),
  other: basic('other', 'other-other'),
  boss: basic('boss', 'boss-boss'),
} as const;

/** The user that every test has. */
export const ann = { grant_type: 'password', username: 'ann', password: 'ann-ann-ann' } as const;

const tokens = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number(),
  refresh_token: z.string(),
  scope: z.string(),
});

/** Posts a form. */
export async function post(url: string, path: string, fields: Fields, headers: Fields = {}): Promise<Answer> {
  const response = await fetch(url + path, { method: 'POST', headers, body: new URLSearchParams(fields) });
  return answerOf(response);
}

/** Asks for tokens, which must be given. */
export async function tokensOf(url: string, fields: Fields, headers: Fields = {}) {
  return tokens.parse((await post(url, '/token', fields, headers)).body);
}

export const refresh = (url: string, refresh_token: string, headers: Fields = {}, more: Fields = {}) =>
  post(url, '/token', { grant_type: 'refresh_token', refresh_token, ...more }, headers);

export const refreshed = (url: string, refresh_token: string, headers: Fields = {}, more: Fields = {}) =>
  tokensOf(url, { grant_type: 'refresh_token', refresh_token, ...more }, headers);

/** What an answer to a refusal looks like. */
export const refusal = (status: number, error: string) => ({
  status,
  body: { error, error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/) },
});
