import type { Config } from '../config/read-config.ts';
import type { Log } from '../log/create-log.ts';
import type { Check } from '../service/health.ts';
import { type Authorize, createAuthenticate, createAuthorize } from './authenticate.ts';
import { createKeySet } from './key-set.ts';
import { createVerifyToken } from './verify-token.ts';

type AccessOptions = {
  readonly config: Pick<Config, 'auth' | 'authUrl' | 'authIssuer' | 'authAudience'>;
  readonly log: Log;
};

/** What our own issuer signs with. */
const OURS = ['EdDSA'];
/** Asymmetric ones alone: with a symmetric one, who verifies could also sign (RFC 8725, section 2.1). */
const OTHERS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'];

/** What checks the tokens of a service's requests, and its part of `/readyz` where every request needs one. */
export function openAccess({ config, log }: AccessOptions): { readonly authorize: Authorize; readonly check?: Check } {
  const { auth, authUrl, authIssuer, authAudience: audience } = config;
  const issuer = authIssuer || authUrl;
  const keys = createKeySet({ issuer, log });
  const verify = createVerifyToken({ issuer, audience, algorithms: authIssuer === '' ? OURS : OTHERS, keys });
  const authorize = createAuthorize(createAuthenticate(auth, verify));
  if (auth === 'open') return { authorize };
  const check: Check = async () => {
    await keys.ready();
    return { ok: true, detail: `has the keys of ${issuer}` };
  };
  return { authorize, check };
}
