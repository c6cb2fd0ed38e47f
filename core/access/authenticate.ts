import type { IncomingMessage } from 'node:http';
import type { ScopedAccess } from './access.ts';
import { ANONYMOUS, type Caller, permit, unauthorized } from './caller.ts';
import type { VerifyToken } from './verify-token.ts';

/** Who sends a request: at once for a token that was verified before. Throws or rejects with `unauthorized`. */
export type Authenticate = (req: IncomingMessage) => Caller | Promise<Caller>;

const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;

/**
 * Reads the bearer token of a request (RFC 6750, section 2.1) and verifies it. A token that is given is verified also where none is
 * needed: a client that believes it is known should not be anonymous.
 */
export function createAuthenticate(auth: 'open' | 'required', verify: VerifyToken): Authenticate {
  return ({ headers: { authorization } }) => {
    if (authorization !== undefined && /^bearer\b/i.test(authorization)) {
      const token = BEARER.exec(authorization)?.[1];
      if (token === undefined) throw unauthorized('The Authorization header holds no token.', 'invalid_token');
      return verify(token);
    }
    if (auth === 'open') return ANONYMOUS;
    throw unauthorized('This needs a token: Authorization: Bearer <token>.');
  };
}

/** The caller of a request, once it was found to have what the route asks for. Throws or rejects with the refusal. */
export type Authorize = (req: IncomingMessage, access: ScopedAccess) => Caller | Promise<Caller>;

export const createAuthorize =
  (authenticate: Authenticate): Authorize =>
  (req, access) => {
    const caller = authenticate(req);
    if (caller instanceof Promise) return caller.then((known) => permitted(known, access));
    return permitted(caller, access);
  };

function permitted(caller: Caller, access: ScopedAccess): Caller {
  permit(caller, access);
  return caller;
}
