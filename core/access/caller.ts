import { Problem } from '../problem/problem.ts';
import type { Stream } from '../schema/stream.ts';
import { needsToken, type ScopedAccess } from './access.ts';
import { readOwn, type Scope } from './scopes.ts';

/** Who sent a request. */
export type Caller = {
  /** The token's `sub`; `anonymous` without a token. */
  readonly subject: string;
  /** The token's `client_id`; undefined without a token. */
  readonly clientId: string | undefined;
  /** The token's scopes; undefined without a token, which `AUTH=open` lets do what needs none. */
  readonly scopes: ReadonlySet<string> | undefined;
};

export const ANONYMOUS: Caller = { subject: 'anonymous', clientId: undefined, scopes: undefined };

/** Throws `unauthorized` where a token is missing and `insufficient-scope` where the caller's does not reach. */
export function permit({ scopes }: Caller, access: ScopedAccess): void {
  if (!scopes) {
    if (needsToken(access)) throw unauthorized('This needs a token, also where AUTH is open.');
    return;
  }
  const { scope, streams } = access;
  if (scopes.has(scope) || streams.some(({ name }) => scopes.has(`${scope}:${name}`))) return;
  if (scope === 'read' && streams.length > 0 && scopes.has(readOwn)) return;
  const needed = [scope, ...streams.map(({ name }) => `${scope}:${name}`)].slice(0, MOST_NAMED).join(' or ');
  throw insufficientScope(`The token lacks the scope ${needed}.`, scope);
}

const MOST_NAMED = 3;

/** Whether the caller may do that with the stream, with all of its records or its own alone. */
export function isPermitted(caller: Caller, scope: Scope, stream: Pick<Stream, 'name' | 'access'>): boolean {
  const { scopes } = caller;
  if (!scopes) return stream.access === 'open';
  return scopes.has(scope) || scopes.has(`${scope}:${stream.name}`) || (scope === 'read' && scopes.has(readOwn));
}

/** Whose records alone the caller may read of a stream: its own; undefined when it may read all. */
export function ownerOnly({ scopes, subject }: Caller, { name }: Pick<Stream, 'name'>): string | undefined {
  return !scopes || scopes.has('read') || scopes.has(`read:${name}`) ? undefined : subject;
}

/** RFC 6750, section 3.1. */
export const insufficientScope = (detail: string, scope: Scope): Problem =>
  new Problem('insufficient-scope', detail, {
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });

/** RFC 6750, section 3: a request without a token is told the scheme alone, one with a bad token also why. */
export const unauthorized = (detail: string, error?: 'invalid_token'): Problem =>
  new Problem('unauthorized', detail, {
    headers: { 'www-authenticate': error ? `Bearer error="${error}"` : 'Bearer' },
  });
