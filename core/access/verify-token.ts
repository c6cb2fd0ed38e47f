import type { errors } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Problem } from '../problem/problem.ts';
import { type Caller, unauthorized } from './caller.ts';
import type { KeySet } from './key-set.ts';
import { loadJose } from './load-jose.ts';

type VerifyOptions = {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly keys: Pick<KeySet, 'keyOf'>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

/** The caller that a token stands for: at once when the token was verified before. Throws or rejects with `unauthorized`. */
export type VerifyToken = (token: string) => Caller | Promise<Caller>;

type Verified = { readonly caller: Caller; readonly endsAt: number };

const claims = z.object({
  sub: z.string().min(1),
  client_id: z.string().min(1).optional(),
  azp: z.string().min(1).optional(),
  scope: z.string().default(''),
  exp: z.number(),
});

const MOST_REMEMBERED = 10_000;
const MOST_CHARACTERS = 8_192;

/**
 * Verifies access tokens as RFC 9068 and RFC 8725 ask: signature by one of the algorithms alone, `typ`, `iss`, `aud` and `exp`. What was
 * verified is remembered until the token ends, so that a busy client costs one signature a quarter of an hour.
 */
export function createVerifyToken(options: VerifyOptions): VerifyToken {
  const { issuer, audience, algorithms, keys, now = Date.now } = options;
  const remembered = new LRUCache<string, Verified>({ max: MOST_REMEMBERED });

  return (token) => {
    const known = remembered.get(token);
    if (!known) return verify(token);
    if (now() < known.endsAt) return known.caller;
    remembered.delete(token);
    throw expired();
  };

  async function verify(token: string): Promise<Caller> {
    if (token.length > MOST_CHARACTERS) throw unauthorized('The token is too long.', 'invalid_token');
    const currentDate = new Date(now());
    const { jwtVerify } = await loadJose();
    const verified = await jwtVerify(token, keys.keyOf, {
      issuer,
      audience,
      algorithms: [...algorithms],
      typ: 'at+jwt',
      requiredClaims: ['exp', 'sub'],
      currentDate,
    }).catch(refuse);
    const { data } = claims.safeParse(verified.payload);
    if (!data) throw unauthorized('The token lacks a claim.', 'invalid_token');
    const { sub, client_id, azp, scope, exp } = data;
    const caller = {
      subject: sub,
      clientId: client_id ?? azp ?? sub,
      scopes: new Set(scope.split(' ').filter((each) => each !== '')),
    };
    remembered.set(token, { caller, endsAt: exp * 1_000 });
    return caller;
  }
}

const expired = () => unauthorized('The token has expired; get another.', 'invalid_token');

async function refuse(error: unknown): Promise<never> {
  if (error instanceof Problem) throw error;
  const { errors: known } = await loadJose();
  if (error instanceof known.JWTExpired) throw expired();
  if (error instanceof known.JOSEError)
    throw unauthorized(`The token is not valid: ${reasonOf(error)}.`, 'invalid_token');
  throw error;
}

/** By the error's code: jose's words may repeat what the token says. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'its algorithm is not one that is taken',
  ERR_JWKS_NO_MATCHING_KEY: 'its key is not one of the issuer’s',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'it does not say which key signed it',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature is wrong',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'it is not an access token of this issuer for this platform',
};

const reasonOf = ({ code }: errors.JOSEError) => REASONS[code] ?? 'it is malformed';
