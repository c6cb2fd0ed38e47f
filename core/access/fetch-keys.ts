import { z } from 'zod';

const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** For all of it: every request of a service that has no keys yet waits for them. */
const WITHIN_MS = 5_000;
const MOST_BYTES = 1_000_000;

/**
 * The key set of an issuer, found by its metadata: RFC 8414's place first, then OpenID Connect Discovery's. Rejects when the issuer
 * does not answer, or names another issuer than the one that was asked (RFC 8414, section 3.3).
 * @param issuer its address, as tokens name it
 */
export async function fetchKeys(issuer: string): Promise<z.output<typeof keySet>> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const found = metadata.parse(await firstOf(metadataAddresses(issuer), signal));
  if (withoutSlash(found.issuer) !== withoutSlash(issuer))
    throw new Error(`its metadata is that of the issuer ${found.issuer}`);
  return keySet.parse(await fetchJson(found.jwks_uri, signal));
}

const withoutSlash = (text: string) => text.replace(/\/$/, '');

function metadataAddresses(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = withoutSlash(pathname);
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
}

async function firstOf([first = '', ...others]: readonly string[], signal: AbortSignal): Promise<unknown> {
  try {
    return await fetchJson(first, signal);
  } catch (error) {
    if (others.length === 0) throw error;
    return firstOf(others, signal);
  }
}

async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    signal,
    headers: { accept: 'application/json' },
    redirect: 'error',
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  return JSON.parse(await textOf(response, url));
}

/** Reads no more than the bound: an issuer's mistake should not fill the memory. */
async function textOf(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`${url} answered more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
