import { type Access, needsToken } from '../access/access.ts';
import { scopes } from '../access/scopes.ts';
import type { Config } from '../config/read-config.ts';
import type { ProblemCode } from '../problem/problems.ts';

/** Whether tokens are needed, and whose. */
export type AuthSettings = Pick<Config, 'auth' | 'authUrl' | 'authIssuer'>;

/** One way to be allowed: scheme and scopes (OpenAPI 3.1, Security Requirement Object). An empty one is no token at all. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** How an operation that is not public may fail, besides its own ways. */
export const accessProblems = [
  'unauthorized',
  'insufficient-scope',
  'issuer-unavailable',
] as const satisfies readonly ProblemCode[];

/** The requirements of which one is enough; none for a public operation. */
export function securityOf(access: Access, { auth, authIssuer }: AuthSettings): SecurityRequirement[] {
  if (access === 'public') return [];
  const anybody = auth === 'open' && !needsToken(access) ? [{}] : [];
  if (authIssuer !== '') return [...anybody, { bearer: [] }];
  return [...anybody, { bearer: [] }, ...scopesOf(access).map((scope) => ({ oauth2: [scope] }))];
}

/** The scopes of which one is enough. */
const scopesOf = (access: Access): string[] =>
  access === 'public' ? [] : [access.scope, ...access.streams.map(({ name }) => `${access.scope}:${name}`)];

const SCOPE_DOCS: Readonly<Record<(typeof scopes)[number], string>> = {
  ingest: 'Post and delete records.',
  read: 'Read rows, events and statistics.',
  sync: 'Run and look at connectors.',
  rules: 'Read and write rules.',
  admin: 'Operate the platform.',
};

/** Every operation takes a token by header; ours can also be got from within the page of the document. */
export function securitySchemes(accesses: readonly Access[], { authUrl, authIssuer }: AuthSettings): object {
  const bearer = {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: `An access token of ${authIssuer || authUrl}.`,
  };
  if (authIssuer !== '') return { bearer };
  const known = Object.fromEntries(
    [...new Set(accesses.flatMap(scopesOf))].toSorted().map((scope) => [scope, describeScope(scope)]),
  );
  const flow = { tokenUrl: `${authUrl}/token`, refreshUrl: `${authUrl}/token`, scopes: known };
  return {
    bearer,
    oauth2: {
      type: 'oauth2',
      description: 'Tokens of auth: by client id and secret, or by username and password.',
      flows: { clientCredentials: flow, password: flow },
    },
  };
}

function describeScope(text: string): string {
  const scope = scopes.find((each) => text === each || text.startsWith(`${each}:`));
  const stream = text.split(':')[1];
  const doc = scope ? SCOPE_DOCS[scope] : '';
  return stream === undefined ? doc : `${doc} Of ${stream} alone.`;
}
