/** What a token may allow. Each is also given for one stream alone, such as `ingest:running`, unless it is `read:own`. */
export const scopes = ['ingest', 'read', 'sync', 'rules', 'admin'] as const;

export type Scope = (typeof scopes)[number];

/** Reading only rows whose key, or the stream's `owner` field, is the token's `sub`. */
export const readOwn = 'read:own';

const SCOPE = new RegExp(`^(?:${scopes.join('|')})(?::[a-z][a-z0-9-]*)?$`);

/** Whether a text is one scope: a name of the list, alone or for one stream; so `read:own` is one too. */
export const isScope = (text: string): boolean => SCOPE.test(text);
