import { z } from 'zod';
import { readCredentials } from '../config/credentials.ts';
import type { Config } from '../config/read-config.ts';
import { Problem } from '../problem/problem.ts';
import { reasonOf } from '../problem/reason-of.ts';

const answer = z.object({ access_token: z.string() });
const WITHIN_MS = 10_000;

/**
 * What a command of the operator sends with its requests: the token in `TOKEN`, or else one of the client `admin` that `make up` made.
 * Nothing where there is neither. Throws `issuer-unavailable` where tokens are required and auth gives none.
 */
export async function operatorHeaders(
  { auth, authUrl, authIssuer, dataDir }: Pick<Config, 'auth' | 'authUrl' | 'authIssuer' | 'dataDir'>,
  { TOKEN }: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string>>> {
  if (TOKEN?.trim()) return { authorization: `Bearer ${TOKEN.trim()}` };
  const secret = authIssuer === '' ? readCredentials(dataDir)?.clients.admin : undefined;
  if (secret !== undefined) {
    try {
      return { authorization: `Bearer ${await tokenOfAdmin(authUrl, secret)}` };
    } catch (error) {
      if (auth === 'required')
        throw new Problem('issuer-unavailable', `${authUrl} gives no token: ${reasonOf(error)}`, { cause: error });
    }
  }
  if (auth === 'required')
    throw new Problem('invalid-config', 'tokens are required: give one in TOKEN, with the scopes ingest and read');
  return {};
}

async function tokenOfAdmin(authUrl: string, secret: string): Promise<string> {
  const response = await fetch(`${authUrl}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`admin:${encodeURIComponent(secret)}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'ingest read' }),
    signal: AbortSignal.timeout(WITHIN_MS),
    redirect: 'error',
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`it answered ${response.status}`);
  }
  return answer.parse(await response.json()).access_token;
}
