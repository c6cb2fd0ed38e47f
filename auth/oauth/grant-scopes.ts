import { isScope } from '@millrace/core/access/scopes';
import { OauthError } from './oauth-error.ts';

/** Whether `asked` is among the scopes or a part of one: `read` includes `read:running` and `read:own`. */
export const includesScope = (held: readonly string[], asked: string): boolean =>
  held.some((each) => each === asked || each === asked.split(':')[0]);

/** What is in both lists, part by part: of `read` and `read:own ingest` it is `read:own`. */
export const commonScopes = (some: readonly string[], others: readonly string[]): string[] => [
  ...new Set([
    ...some.filter((each) => includesScope(others, each)),
    ...others.filter((each) => includesScope(some, each)),
  ]),
];

/**
 * The scopes that a token gets: those that are asked for, else all that are held. Throws `invalid_scope` when one is unknown or not held.
 * @param asked as a request has them, with spaces between
 */
export function grantScopes(asked: string | undefined, held: readonly string[]): readonly string[] {
  const wanted = [...new Set((asked ?? '').split(' ').filter((each) => each !== ''))];
  if (wanted.length === 0) {
    if (held.length === 0) throw new OauthError('invalid_scope', 'The client and the user have no scope in common.');
    return held;
  }
  if (!wanted.every(isScope)) throw new OauthError('invalid_scope', 'scope names something that is no scope here.');
  const more = wanted.filter((each) => !includesScope(held, each));
  if (more.length > 0)
    throw new OauthError('invalid_scope', `scope goes beyond what may be granted: ${more.join(' ')}.`);
  return wanted;
}
