import { z } from 'zod';
import { jsonOf } from '../frame/call/json-of.ts';
import { faultOf, type Posted, post } from './post.ts';
import { RelayFault } from './relay-fault.ts';

export type RelayToken = {
  /** A token that holds: the one at hand until it has a fifth of its time left. Rejects with a `RelayFault`. */
  get(signal: AbortSignal): Promise<string>;
  /** Forgets a token that was refused. */
  drop(token: string): void;
};

type TokenOptions = { readonly url: string; readonly username: string; readonly password: string };

const answer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().default(300),
  refresh_token: z.string().optional(),
});

const RENEW_AFTER = 0.8;

/** A user's token (RFC 6749, section 4.3), refreshed while the server gives refresh tokens, else got anew. */
export function createRelayToken({ url, username, password }: TokenOptions, now = () => performance.now()): RelayToken {
  let held: { readonly token: string; readonly until: number } | undefined;
  let refreshToken: string | undefined;

  return {
    async get(signal) {
      if (held && now() < held.until) return held.token;
      if (refreshToken !== undefined) {
        const given = refreshToken;
        refreshToken = undefined;
        const response = await ask({ grant_type: 'refresh_token', refresh_token: given }, signal);
        if (isOk(response)) return keep(response.body);
        if (response.status >= 500 || response.status === 429) {
          refreshToken = given;
          throw faultOf(response, 'the token endpoint');
        }
      }
      const response = await ask({ grant_type: 'password', username, password }, signal);
      if (!isOk(response)) throw faultOf(response, 'the token endpoint');
      return keep(response.body);
    },
    drop(token) {
      if (held?.token === token) held = undefined;
    },
  };

  function ask(form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Posted> {
    return post(url, { body: new URLSearchParams(form), headers: { accept: 'application/json' } }, signal);
  }

  function keep(body: string): string {
    const { data } = answer.safeParse(jsonOf(body));
    if (!data) throw new RelayFault('the token endpoint gives no access_token');
    refreshToken = data.refresh_token;
    held = { token: data.access_token, until: now() + data.expires_in * 1_000 * RENEW_AFTER };
    return data.access_token;
  }
}

const isOk = ({ status }: Posted): boolean => status >= 200 && status < 300;
