import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ACCESS_TOKEN_SECONDS } from './access-token-seconds.ts';
import type { KeyRing } from './key/key-ring.ts';

const ALGORITHM = 'EdDSA';
const TYPE = 'at+jwt';

/** Whom a token is for, and what it allows. */
export type Grantee = { readonly subject: string; readonly clientId: string; readonly scopes: readonly string[] };

const claims = z.object({
  ...{ iss: z.string(), aud: z.string(), sub: z.string(), client_id: z.string(), scope: z.string() },
  ...{ jti: z.string(), iat: z.number(), exp: z.number() },
});

export type AccessClaims = z.output<typeof claims>;

export type AccessTokens = {
  /** A JWT as RFC 9068 describes it. */
  issue(grantee: Grantee): Promise<string>;
  /** Its claims; undefined when it is not ours or has ended. */
  read(token: string): Promise<AccessClaims | undefined>;
};

export function createAccessTokens(
  ring: KeyRing,
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
): AccessTokens {
  return {
    async issue({ subject, clientId, scopes }) {
      const { kid, privateKey } = await ring.signing();
      const issuedAt = Math.floor(Date.now() / 1_000);
      return await new SignJWT({ client_id: clientId, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
        .sign(privateKey);
    },
    async read(token) {
      const keys = createLocalJWKSet({ keys: (await ring.published()).map((key) => ({ ...key })) });
      try {
        const options = { issuer, audience, typ: TYPE, algorithms: [ALGORITHM] };
        return claims.safeParse((await jwtVerify(token, keys, options)).payload).data;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
