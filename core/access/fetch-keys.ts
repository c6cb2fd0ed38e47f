import { z } from 'zod';

const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

const WITHIN_MS = 5_000;
const MOST_CHARACTERS = 1_000_000;

/**
 * The key set of an issuer, found by its metadata: RFC 8414's place first, then OpenID Connect Discovery's. Rejects when the issuer
 * does not answer, or names another issuer than the one that was asked (RFC 8414, section 3.3).
 * @param issuer its address, as tokens name it
 */
export async function fetchKeys(issuer: string): Promise<z.output<typeof keySet>> {
  const found = metadata.parse(await firstOf(metadataAddresses(issuer)));
  if (withoutSlash(found.issuer) !== withoutSlash(issuer))
    throw new Error(`its metadata is that of the issuer ${found.issuer}`);
  return keySet.parse(await fetchJson(found.jwks_uri));
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

async function firstOf([first = '', ...others]: readonly string[]): Promise<unknown> {
  try {
    return await fetchJson(first);
  } catch (error) {
    if (others.length === 0) throw error;
    return firstOf(others);
  }
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(WITHIN_MS),
    headers: { accept: 'application/json' },
    redirect: 'error',
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  const text = await response.text();
  if (text.length > MOST_CHARACTERS) throw new Error(`${url} answered more than ${MOST_CHARACTERS} characters`);
  return JSON.parse(text);
}
