// Written by npm run generate, from the services’ own declarations.
export const reservedRoutes: readonly string[] = [
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/dead-letters',
  '/dead-letters/redrive',
  '/dead-letters/redrives/{id}',
  '/dead-letters/{id}',
  '/docs',
  '/healthz',
  '/introspect',
  '/metrics',
  '/openapi.json',
  '/readyz',
  '/revoke',
  '/stats',
  '/stats/live',
  '/token',
];
