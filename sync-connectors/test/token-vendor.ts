import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export const CLIENT = { id: 'museum', secret: 'secret-canary', second: 'second-secret-canary' };

type VendorOptions = {
  /** Whether a refresh token is taken again until its successor was used, as when an answer was lost. */
  readonly grace: boolean;
  readonly first: string;
};

/** A token endpoint that rotates refresh tokens, and ends the login when an old one comes again. */
export async function startTokenVendor({ grace, first }: VendorOptions) {
  let current = first;
  let before: string | undefined;
  let isEnded = false;
  let slowMs = 0;
  let status = 200;
  const secrets = new Set([CLIENT.secret]);
  const accepted = new Set<string>();
  const refreshes: URLSearchParams[] = [];

  function refresh(form: URLSearchParams): object | undefined {
    const token = form.get('refresh_token') ?? '';
    if (token === before && !grace) isEnded = true;
    if (isEnded || (token !== current && token !== before)) return undefined;
    if (form.get('preserve_refresh_token') !== 'true') {
      before = token;
      current = `refresh-canary-${randomBytes(8).toString('hex')}`;
    }
    const access_token = `access-canary-${randomBytes(8).toString('hex')}`;
    accepted.add(access_token);
    return { access_token, refresh_token: current, token_type: 'Bearer', expires_in: 3_600 };
  }

  const server = createServer(async (req, res) => {
    const form = new URLSearchParams(await text(req));
    refreshes.push(form);
    const send = (code: number, body: object) =>
      res.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (!secrets.has(secretOf(req))) return send(401, { error: 'invalid_client' });
    if (status !== 200) return send(status, {});
    const granted = refresh(form);
    setTimeout(
      () => send(granted ? 200 : 400, granted ?? { error: 'invalid_grant', canary: form.get('refresh_token') }),
      slowMs,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}/token`,
    refreshes,
    secrets,
    accepts: (token: string) => !isEnded && accepted.has(token),
    current: () => current,
    slow(ms: number) {
      slowMs = ms;
    },
    answer(code: number) {
      status = code;
    },
    /** Forgets what it gave last: the token before it is the one that holds. */
    forgetLast() {
      [current, before] = [before ?? current, undefined];
    },
    end() {
      isEnded = true;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function secretOf({ headers: { authorization = '' } }: IncomingMessage): string {
  const [, secret = ''] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  return decodeURIComponent(secret);
}
