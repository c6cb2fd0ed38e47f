import { z } from 'zod';

const answer = z.object({ access_token: z.string() });

/** An access token of a client, got as its users would. Throws what auth answered in its place. */
export async function tokenOf(authUrl: string, clientId: string, secret: string, scope?: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) });
  const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
  const response = await fetch(`${authUrl}/token`, { method: 'POST', headers: { authorization }, body: form });
  const text = await response.text();
  if (!response.ok) throw new Error(`auth answered ${response.status}: ${text}`);
  return answer.parse(JSON.parse(text)).access_token;
}
