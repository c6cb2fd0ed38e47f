import { join } from 'node:path';
import { freePort } from '@millrace/stack/parts/free-port';
import { type RunningService, startService } from '@millrace/testing/start-service';
import { z } from 'zod';

export type OutsideIssuer = RunningService & {
  /** An access token of its client `phone`. */
  token(request?: { readonly scope?: string; readonly audience?: string }): Promise<string>;
};

export type ProviderSettings = Readonly<
  Partial<Record<'OIDC_PORT' | 'OIDC_ALG' | 'OIDC_ISSUER' | 'OIDC_REDIRECT', string>>
>;

const SECRET = 'a-secret-of-the-provider';
const answer = z.object({ access_token: z.string() });

/** What the tests have as `AUTH_AUDIENCE`. A resource is an absolute URI (RFC 8707). */
export const AUDIENCE = 'urn:millrace:tests';

/** Starts oidc-provider as a process of its own, on a free port unless one is given. */
export async function startProvider(settings: ProviderSettings = {}): Promise<OutsideIssuer> {
  const port = settings.OIDC_PORT ?? String(await freePort());
  const main = join(import.meta.dirname, 'provider.ts');
  const provider = await startService(main, { OIDC_SECRET: SECRET, ...settings, OIDC_PORT: port });
  return {
    ...provider,
    async token({ scope = 'ingest read', audience = AUDIENCE } = {}) {
      const authorization = `Basic ${Buffer.from(`phone:${SECRET}`).toString('base64')}`;
      const body = new URLSearchParams({ grant_type: 'client_credentials', scope, resource: audience });
      const response = await fetch(`${provider.url}/token`, { method: 'POST', headers: { authorization }, body });
      const text = await response.text();
      if (!response.ok) throw new Error(`the provider answered ${response.status}: ${text}`);
      return answer.parse(JSON.parse(text)).access_token;
    },
  };
}
